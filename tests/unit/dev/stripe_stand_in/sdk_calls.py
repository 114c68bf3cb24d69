"""Calls generated from the SDK's types, which are read here independently of the stand-in."""

import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin
from urllib.parse import urlencode

import typing_extensions
from stripe import RequestOptions, StripeContext
from stripe._encode import _api_encode  # the SDK has no public function for it

from dev.stripe_stand_in.protocol.endpoints import PAGINATION, Endpoint
from dev.stripe_stand_in.protocol.requests import decode_form

Path = tuple[str, ...]

OPTIONS: Final = frozenset(RequestOptions.__annotations__)

SAMPLES: Final[dict[Any, Any]] = {
    str: "text",
    int: 1,
    float: 1.5,
    Decimal: "1.5",
    bool: True,
    types.NoneType: None,
}

UNSET: Final = Literal[""]


class Declared(NamedTuple):
    """A declared parameter, and a call with it and the required ones."""

    path: Path
    hint: Any
    is_required: bool
    call: dict[str, Any]


def hints_of(kind: Any) -> dict[str, Any]:
    # The SDK imports these two, which options use, for type checkers only.
    hints = typing_extensions.get_type_hints(
        kind, localns={"StripeContext": StripeContext, "Mapping": Mapping}
    )
    return {name: hint for name, hint in hints.items() if name not in OPTIONS}


def members(hint: Any) -> list[Any]:
    """The types that a value may have, without the SDK's class beside each ``dict``."""
    if get_origin(hint) not in (Union, types.UnionType):
        return [hint]
    found = [
        member for member in get_args(hint) if get_origin(member) in (None, Literal, list, dict)
    ]
    return sorted(found, key=lambda member: (member == UNSET, member is str))


def sample(hint: Any) -> Any:
    first = members(hint)[0]
    if typing_extensions.is_typeddict(first):
        return required(first)
    origin, inner = get_origin(first), get_args(first)
    if origin is Literal:
        return inner[0]
    if origin is list:
        return [sample(inner[0])]
    if origin is dict:
        return {"key": sample(inner[1])}
    return SAMPLES[first]


def required(kind: Any) -> dict[str, Any]:
    hints = hints_of(kind)
    return {name: sample(hints[name]) for name in sorted(kind.__required_keys__ - OPTIONS)}


def declared(kind: Any) -> Iterator[Declared]:
    """Every parameter of the SDK's class, nested ones included."""
    base = required(kind)
    for name, hint in hints_of(kind).items():
        yield Declared((name,), hint, name in base, {**base, name: sample(hint)})
        for member in members(hint):
            for inner in nested(member):
                yield inner._replace(path=(name, *inner.path), call={**base, name: inner.call})


def nested(member: Any) -> Iterator[Declared]:
    """The parameters of an object, of the objects in a list, or of those in a map."""
    if typing_extensions.is_typeddict(member):
        yield from declared(member)
        return
    origin, inner = get_origin(member), get_args(member)
    if origin not in (list, dict) or not typing_extensions.is_typeddict(inner[-1]):
        return
    key = "0" if origin is list else "key"
    for parameter in declared(inner[-1]):
        call: Any = [parameter.call] if origin is list else {key: parameter.call}
        yield parameter._replace(path=(key, *parameter.path), call=call)


def replaced(call: Any, path: Path, value: Any) -> Any:
    """The call with another value at the path; without any for ``...``."""
    head, *rest = path
    if isinstance(call, list):
        return [replaced(call[0], tuple(rest), value)]
    if rest:
        return {**call, head: replaced(call[head], tuple(rest), value)}
    others = {name: item for name, item in call.items() if name != head}
    return others if value is ... else {**others, head: value}


def in_errors(path: Path) -> str:
    head, *rest = path
    return head + "".join(f"[{name}]" for name in rest)


def is_form(endpoint: Endpoint) -> bool:
    return endpoint.method == "GET" or endpoint.template.startswith("/v1/")


def encoded(call: dict[str, Any]) -> str:
    return urlencode(list(_api_encode(call)))


def sent(endpoint: Endpoint, call: dict[str, Any]) -> Any:
    """The parameters of a call, as the server decodes them."""
    return decode_form(encoded(call)) if is_form(endpoint) else call


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    if not isinstance(value, dict) or not value:
        yield path
    else:
        for name, item in value.items():
            yield from leaves(item, path if name.isdecimal() else (*path, name))


def is_modelled(endpoint: Endpoint, path: Path) -> bool:
    names = PAGINATION.union(endpoint.modelled.split())
    return any(".".join(path[:length]) in names for length in range(1, len(path) + 1))
