"""The types of parameters, which parse values.

A value comes from JSON, or from a form, in which all leaves are text and a list is an object with
indexes as keys. ``read`` converts it to its type, or raises the error that Stripe returns.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.errors import parameter_path

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_BOOLEANS = {"true": True, "false": False, True: True, False: False}


class ParameterType(Protocol):
    def read(self, value: Any, at: str) -> Any:
        """Converts a value to the type. ``at`` is its name in errors.

        Raises:
            ApiError: the value has a different type.
        """


@dataclass(frozen=True)
class Text:
    may_be_empty: bool = False

    def read(self, value: Any, at: str) -> str:
        if not isinstance(value, str):
            raise errors.invalid("Invalid string", at)
        if value == "" and not self.may_be_empty:
            raise errors.empty_parameter(at)
        return value


@dataclass(frozen=True)
class Integer:
    def read(self, value: Any, at: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        raise errors.invalid_integer(f"Invalid integer: {value}", at)


@dataclass(frozen=True)
class Decimal:
    def read(self, value: Any, at: str) -> str:
        try:
            float(value)
        except (TypeError, ValueError):
            raise errors.invalid(f"Invalid decimal: {value}", at) from None
        return str(value)


@dataclass(frozen=True)
class Boolean:
    def read(self, value: Any, at: str) -> bool:
        if isinstance(value, str | bool) and value in _BOOLEANS:
            return _BOOLEANS[value]
        raise errors.invalid(f"Invalid boolean: {value}", at)


@dataclass(frozen=True)
class OneOf:
    values: tuple[str, ...]

    def read(self, value: Any, at: str) -> str:
        if isinstance(value, str) and value in self.values:
            return value
        raise errors.invalid(f"Invalid {at}: must be one of {', '.join(self.values)}", at)


@dataclass(frozen=True)
class Null:
    """Null, or empty text in a form: it removes a parameter."""

    def read(self, value: Any, at: str) -> None:
        if value is not None:
            raise errors.invalid("Invalid value", at)


@dataclass(frozen=True)
class ListOf:
    item: ParameterType

    def read(self, value: Any, at: str) -> list[Any]:
        items = _in_order(value)
        if items is None:
            raise errors.invalid("Invalid array", at)
        return [self.item.read(item, parameter_path(at, index)) for index, item in enumerate(items)]


@dataclass(frozen=True)
class MapOf:
    item: ParameterType

    def read(self, value: Any, at: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise errors.invalid("Invalid object", at)
        return {key: self.item.read(item, parameter_path(at, key)) for key, item in value.items()}


@dataclass(frozen=True)
class ObjectOf:
    fields: Mapping[str, ParameterType]
    required: frozenset[str]

    def read(self, value: Any, at: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise errors.invalid("Invalid object", at)
        for name in value:
            if name not in self.fields:
                raise errors.unknown_parameter(parameter_path(at, name))
        for name in sorted(self.required):
            if name not in value:
                raise errors.missing_parameter(parameter_path(at, name))
        return {
            name: self.fields[name].read(item, parameter_path(at, name))
            for name, item in value.items()
        }


@dataclass(frozen=True)
class Either:
    options: tuple[ParameterType, ...]

    def read(self, value: Any, at: str) -> Any:
        """Uses the first option that accepts the value, or raises the error of the last one."""
        for option in self.options[:-1]:
            try:
                return option.read(value, at)
            except errors.ApiError:
                continue
        return self.options[-1].read(value, at)


def _in_order(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(key.isdecimal() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return None
