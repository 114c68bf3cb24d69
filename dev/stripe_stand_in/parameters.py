"""Which parameters an endpoint takes: read off the SDK's own parameter classes.

The SDK's classes are generated from Stripe's OpenAPI document, so that a parameter which the
installed version does not know is refused here as it would be there.
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

from dev.stripe_stand_in.shapes import (
    Choice,
    Decimal,
    Either,
    Flag,
    ListOf,
    MapOf,
    Nothing,
    Record,
    Shape,
    Text,
    Whole,
)
from domain.json_values import JsonObject

# Options of a call (its key, its account), which some classes list among the parameters.
_OPTIONS: Final = frozenset(RequestOptions.__annotations__)

_SCALARS: Final[dict[Any, Shape]] = {
    str: Text(),
    int: Whole(),
    float: Decimal(),
    decimal.Decimal: Decimal(),
    bool: Flag(),
    NoneType: Nothing(),
}


def read(parameters: type, given: JsonObject) -> JsonObject:
    """The arguments, typed.

    Raises:
        Refusal: as Stripe would: a name is unknown or missing, a value has the wrong type.
    """
    arguments: JsonObject = record_of(parameters).read(given, "")
    return arguments


@cache
def record_of(parameters: Any) -> Record:
    """The shape that one of the SDK's parameter classes describes."""
    own = {name: hint for name, hint in parameters.__annotations__.items() if name not in _OPTIONS}
    holder = type(parameters.__name__, (), {"__annotations__": own})
    hints = get_type_hints(
        holder, globalns=vars(sys.modules[parameters.__module__]), include_extras=True
    )
    fields = {name: _shape(hint) for name, hint in hints.items()}
    if _is_list_of_v2(parameters):
        fields["page"] = Whole()  # the SDK has no name for it: it follows next_page_url
    return Record(
        fields=fields,
        required=frozenset(parameters.__required_keys__) - _OPTIONS,
    )


def _is_list_of_v2(parameters: Any) -> bool:
    return ".v2." in parameters.__module__ and parameters.__name__.endswith("ListParams")


def _shape(hint: Any) -> Shape:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {NotRequired, Required}:
        return _shape(inner[0])
    if origin in {Union, UnionType}:
        return _union(inner)
    if origin is Literal:
        return Choice(inner)
    if origin in {list, dict}:
        return ListOf(_shape(inner[0])) if origin is list else MapOf(_item(inner[1]))
    return record_of(hint) if is_typeddict(hint) else _SCALARS[hint]


def _item(hint: Any) -> Shape:
    """In a map, the empty text is how one key is unset."""
    return Text(may_be_empty=True) if hint is str else _shape(hint)


def _union(members: tuple[Any, ...]) -> Shape:
    """The SDK writes "one of these, or a later addition" as ``Literal[…] | str``: here it is one of
    these. It writes "or unset" as ``Literal[''] | …``, and a map twice, once as its own class."""
    rest = [each for each in members if get_origin(each) is not UntypedStripeObject]
    unset = Literal[""] in rest
    rest = [each for each in rest if each != Literal[""]]
    if any(get_origin(each) is Literal for each in rest):
        rest = [each for each in rest if each is not str]
    shapes = [Text(may_be_empty=unset) if each is str else _shape(each) for each in rest]
    if unset and str not in rest:
        shapes.insert(0, Choice(("",)))
    return shapes[0] if len(shapes) == 1 else Either(tuple(shapes))
