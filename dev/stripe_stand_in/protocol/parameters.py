"""Validates the parameters of an endpoint by the SDK's own parameter classes.

These are generated from Stripe's OpenAPI document, so a parameter that is unknown to the installed
version is an error here and at Stripe.
"""

import decimal
import sys
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    Final,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from stripe import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

from dev.stripe_stand_in.protocol.parameter_types import (
    Boolean,
    Decimal,
    Either,
    Integer,
    ListOf,
    MapOf,
    Null,
    ObjectOf,
    OneOf,
    ParameterType,
    Text,
)
from domain.json_values import JsonObject

# Options of a request (its key, its account) that some classes list as parameters.
_OPTIONS: Final = frozenset(RequestOptions.__annotations__)

_SCALARS: Final[dict[Any, ParameterType]] = {
    str: Text(),
    int: Integer(),
    float: Decimal(),
    decimal.Decimal: Decimal(),
    bool: Boolean(),
    NoneType: Null(),
}


def read(parameters: type, given: JsonObject) -> JsonObject:
    """Converts the arguments to their types.

    Raises:
        ApiError: a name is unknown or missing, or a value has the wrong type.
    """
    arguments: JsonObject = object_type(parameters).read(given, "")
    return arguments


@cache
def object_type(parameters: Any) -> ObjectOf:
    """The type for one of the SDK's parameter classes."""
    own = {name: hint for name, hint in parameters.__annotations__.items() if name not in _OPTIONS}
    holder = type(parameters.__name__, (), {"__annotations__": own})
    hints = get_type_hints(
        holder, globalns=vars(sys.modules[parameters.__module__]), include_extras=True
    )
    fields = {name: _type_of(hint) for name, hint in hints.items()}
    if _is_list_of_v2(parameters):
        fields["page"] = Integer()  # part of next_page_url, so the SDK has no class for it
    return ObjectOf(
        fields=fields,
        required=frozenset(parameters.__required_keys__) - _OPTIONS,
    )


def _is_list_of_v2(parameters: Any) -> bool:
    return ".v2." in parameters.__module__ and parameters.__name__.endswith("ListParams")


def _type_of(hint: Any) -> ParameterType:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {NotRequired, Required}:
        return _type_of(inner[0])
    if origin in {Union, UnionType}:
        return _union(inner)
    if origin is Literal:
        return OneOf(inner)
    if origin in {list, dict}:
        return ListOf(_type_of(inner[0])) if origin is list else MapOf(_item(inner[1]))
    return object_type(hint) if is_typeddict(hint) else _SCALARS[hint]


def _item(hint: Any) -> ParameterType:
    """The type of an entry of a map, in which empty text removes a key."""
    return Text(may_be_empty=True) if hint is str else _type_of(hint)


def _union(members: tuple[Any, ...]) -> ParameterType:
    """Interprets a union of the SDK. ``Literal[…] | str`` is "one of these, or a later addition";
    here, only these are valid. ``Literal[''] | …`` means that empty text removes the value. A map
    appears twice, once as its own class."""
    rest = [member for member in members if get_origin(member) is not UntypedStripeObject]
    unset = Literal[""] in rest
    rest = [member for member in rest if member != Literal[""]]
    if any(get_origin(member) is Literal for member in rest):
        rest = [member for member in rest if member is not str]
    types = [Text(may_be_empty=unset) if member is str else _type_of(member) for member in rest]
    if unset and str not in rest:
        types.insert(0, OneOf(("",)))
    return types[0] if len(types) == 1 else Either(tuple(types))
