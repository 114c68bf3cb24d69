"""Checks parameters against the SDK's own parameter types.

The types in ``stripe.params`` are generated from Stripe's OpenAPI document, so a parameter that is
unknown to the installed version is refused here and at Stripe.
"""

import decimal
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
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

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import require_at_most
from dev.stripe_stand_in.protocol.errors import parameter_path
from domain.json_values import JsonObject

# Options of a request (its key, its account) that some classes list as parameters.
_OPTIONS: Final = frozenset(RequestOptions.__annotations__)

_UNSET: Final = Literal[""]
"""Empty text, which removes a value."""

# The ``maxLength`` of texts in https://github.com/stripe/openapi; the SDK's types do not have it.
_MAX_LENGTH: Final = 5_000
_MAX_LENGTHS: Final = {
    "description": 40_000,
    "lookup_key": 200,
    "name": 250,  # of a product, since API version 2018-10-31
    "statement_descriptor": 22,
}

_INTEGER: Final = re.compile(r"[+-]?\d{1,18}")
_BOOLEANS: Final = {"true": True, "false": False}


def read(parameters: type, given: JsonObject, *, is_form: bool) -> JsonObject:
    """Converts the arguments to their types.

    ``parameters`` is one of the SDK's classes. In a form, all leaves are text, and a list is an
    object with its indexes as keys.

    Raises:
        ApiError: a name is unknown or missing, or a value has the wrong type.
    """
    arguments: JsonObject = _Reader(is_form).read(parameters, given, "")
    return arguments


def require_modelled(names: Collection[str], value: Any, at: str = "", path: str = "") -> None:
    """
    ``at`` is the name of the value in errors, ``path`` in ``names``.

    Raises:
        ApiError: the stand-in does not model an argument.
    """
    if path in names:
        return
    if path and not any(name.startswith(f"{path}.") for name in names):
        raise errors.not_modelled(at)
    if isinstance(value, dict) and (value or not path):
        for name, item in value.items():
            inner = f"{path}.{name}" if path else name
            require_modelled(names, item, parameter_path(at, name), inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            require_modelled(names, item, parameter_path(at, index), path)
    else:
        raise errors.not_modelled(at)


@cache
def fields_of(parameters: Any) -> Mapping[str, Any]:
    """The names and types of the parameters in one of the SDK's classes."""
    own = {name: hint for name, hint in parameters.__annotations__.items() if name not in _OPTIONS}
    holder = type(parameters.__name__, (), {"__annotations__": own})
    fields = get_type_hints(
        holder, globalns=vars(sys.modules[parameters.__module__]), include_extras=True
    )
    if ".v2." in parameters.__module__ and parameters.__name__.endswith("ListParams"):
        fields["page"] = int  # part of next_page_url, so the SDK has no type for it
    return fields


@dataclass(frozen=True)
class _Reader:
    is_form: bool

    def read(self, hint: Any, value: Any, at: str) -> Any:
        """Converts a value to the type. ``at`` is its name in errors."""
        origin, inner = get_origin(hint), get_args(hint)
        if origin in {NotRequired, Required}:
            return self.read(inner[0], value, at)
        if origin in {Union, UnionType}:
            return self._union(inner, value, at)
        if origin is Literal:
            return _choice(inner, value, at)
        if value == "":
            raise errors.empty_parameter(at)
        return self._value(hint, value, at)

    def _value(self, hint: Any, value: Any, at: str) -> Any:
        origin, inner = get_origin(hint), get_args(hint)
        if is_typeddict(hint):
            return self._object(hint, value, at)
        if origin is list:
            return self._list(inner[0], value, at)
        if origin is dict:
            return self._map(inner[1], value, at)
        return self._scalar(hint, value, at)

    def _object(self, parameters: Any, value: Any, at: str) -> JsonObject:
        fields = fields_of(parameters)
        for name in _mapping(value, at):
            if name not in fields:
                raise errors.unknown_parameter(parameter_path(at, name))
        for name in sorted(parameters.__required_keys__ - _OPTIONS - value.keys()):
            raise errors.missing_parameter(parameter_path(at, name))
        return {
            name: self.read(fields[name], item, parameter_path(at, name))
            for name, item in value.items()
        }

    def _map(self, hint: Any, value: Any, at: str) -> JsonObject:
        """A map, in which empty text removes a key."""
        item_hint = str | _UNSET if hint is str else hint
        return {
            key: self.read(item_hint, item, parameter_path(at, key))
            for key, item in _mapping(value, at).items()
        }

    def _list(self, hint: Any, value: Any, at: str) -> list[Any]:
        items = value
        if self.is_form and isinstance(value, dict) and all(key.isdecimal() for key in value):
            items = [value[key] for key in sorted(value, key=int)]
        if not isinstance(items, list):
            raise errors.invalid("Invalid array", at)
        return [
            self.read(hint, item, parameter_path(at, index)) for index, item in enumerate(items)
        ]

    def _union(self, hints: tuple[Any, ...], value: Any, at: str) -> Any:
        """Uses the first type that accepts the value, or raises the error of the innermost name.

        The SDK writes a choice as ``Literal[…] | str``, because Stripe may add to it; here, only
        the choices are valid. A map appears twice, once as a class of the SDK.
        """
        options = [hint for hint in hints if get_origin(hint) is not UntypedStripeObject]
        if any(get_origin(hint) is Literal and hint != _UNSET for hint in options):
            options = [hint for hint in options if hint is not str]
        failures = []
        for option in sorted(options, key=lambda hint: hint == _UNSET):
            try:
                return self.read(option, value, at)
            except errors.ApiError as error:
                failures.append(error)
        raise max(failures, key=lambda failure: len(failure.param or ""))

    def _scalar(self, kind: Any, value: Any, at: str) -> Any:
        given = value
        if isinstance(value, str):
            if kind is bool and self.is_form:
                given = _BOOLEANS.get(value)
            elif kind is int and _INTEGER.fullmatch(value):  # v2 has some integers as text
                given = int(value)
        if kind in {float, decimal.Decimal}:
            return _decimal(given, at)
        if isinstance(given, kind) and (kind is bool or not isinstance(given, bool)):
            if kind is str and self.is_form:
                require_at_most(_max_length(at), given, at)
            return given
        if kind is int:
            raise errors.invalid_integer(f"Invalid integer: {value}", at)
        raise errors.invalid({bool: f"Invalid boolean: {value}"}.get(kind, "Invalid string"), at)


def _max_length(at: str) -> int:
    if "metadata" in at:
        return _MAX_LENGTH
    return _MAX_LENGTHS.get(at.removesuffix("]").rpartition("[")[2], _MAX_LENGTH)


def _mapping(value: Any, at: str) -> JsonObject:
    if not isinstance(value, dict):
        raise errors.invalid("Invalid object", at)
    return value


def _choice(values: tuple[str, ...], value: Any, at: str) -> str:
    if isinstance(value, str) and value in values:
        return value
    if value == "":
        raise errors.empty_parameter(at)
    raise errors.invalid(f"Invalid {at}: must be one of {', '.join(values)}", at)


def _decimal(value: Any, at: str) -> str:
    try:
        is_number = not isinstance(value, bool) and decimal.Decimal(str(value)).is_finite()
    except decimal.InvalidOperation:
        is_number = False
    if not is_number:
        raise errors.invalid(f"Invalid decimal: {value}", at)
    return str(value)
