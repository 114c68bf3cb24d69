"""Parameters, checked with calls that are generated from the SDK's types.

The types are read here independently of the stand-in.
"""

import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin
from urllib.parse import urlencode

import pytest
import typing_extensions
from stripe import RequestOptions, StripeContext
from stripe._encode import _api_encode  # the SDK has no public function for it

from dev.stripe_stand_in.app import ENDPOINTS
from dev.stripe_stand_in.protocol.endpoints import PAGINATION, Endpoint
from dev.stripe_stand_in.protocol.errors import ApiError
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

each_endpoint: Final = pytest.mark.parametrize(
    "endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.template}"
)


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


def sent(endpoint: Endpoint, call: dict[str, Any]) -> Any:
    """The parameters of a call, as the server decodes them."""
    return decode_form(urlencode(list(_api_encode(call)))) if is_form(endpoint) else call


def refusal(endpoint: Endpoint, call: dict[str, Any]) -> ApiError | None:
    """The error for a call, or None if it is accepted."""
    try:
        endpoint.read(sent(endpoint, call), is_form=is_form(endpoint))
    except ApiError as error:
        return error
    return None


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    if not isinstance(value, dict) or not value:
        yield path
    else:
        for name, item in value.items():
            yield from leaves(item, path if name.isdecimal() else (*path, name))


def is_modelled(endpoint: Endpoint, path: Path) -> bool:
    names = PAGINATION.union(endpoint.modelled.split())
    return any(".".join(path[:length]) in names for length in range(1, len(path) + 1))


@each_endpoint
def test_a_declared_parameter_is_modelled_or_refused(endpoint: Endpoint) -> None:
    for parameter in declared(endpoint.parameters):
        error = refusal(endpoint, parameter.call)
        given = sent(endpoint, parameter.call)
        if all(is_modelled(endpoint, path) for path in leaves(given) if path):
            assert error is None, parameter.path
        else:
            assert error is not None, parameter.path
            assert error.code == "stand_in_not_modelled", parameter.path


@each_endpoint
def test_an_undeclared_parameter_is_unknown(endpoint: Endpoint) -> None:
    unknown: dict[Path, Any] = {("undeclared",): {"undeclared": "text"}}
    for parameter in declared(endpoint.parameters):
        path = (*parameter.path[:-1], "undeclared")
        unknown[path] = replaced(parameter.call, path, "text")
    for path, call in unknown.items():
        error = refusal(endpoint, call)
        assert error is not None, path
        assert (error.code, error.param) == ("parameter_unknown", in_errors(path))


@each_endpoint
def test_a_required_parameter_cannot_be_left_out(endpoint: Endpoint) -> None:
    for parameter in declared(endpoint.parameters):
        without = replaced(parameter.call, parameter.path, ...)
        # A form cannot have an empty object.
        whole = {tuple(path[:-1]) for path in leaves(sent(endpoint, parameter.call))}
        left = {tuple(path[:-1]) for path in leaves(sent(endpoint, without))}
        if parameter.is_required and (whole == left or len(parameter.path) == 1):
            error = refusal(endpoint, without)
            assert error is not None, parameter.path
            assert error.code == "parameter_missing", parameter.path
            assert in_errors(parameter.path).startswith(error.param or "?")


@each_endpoint
def test_a_value_of_another_type_is_invalid(endpoint: Endpoint) -> None:
    for parameter in declared(endpoint.parameters):
        for value in wrong_values(parameter.hint):
            error = refusal(endpoint, replaced(parameter.call, parameter.path, value))
            assert error is not None, (parameter.path, value)
            assert error.code in {None, "parameter_invalid_integer"}, (parameter.path, value)
            assert error.param == in_errors(parameter.path)


def wrong_values(hint: Any) -> Iterator[Any]:
    """Values that no type accepts, in a form or in JSON."""
    options = members(hint)
    has_choices = any(get_origin(option) is Literal and option != UNSET for option in options)
    if str not in options or has_choices:
        yield "no such value"
    if not any(
        typing_extensions.is_typeddict(option) or get_origin(option) is dict for option in options
    ):
        yield {"no": "value"}


@each_endpoint
def test_a_modelled_name_is_declared(endpoint: Endpoint) -> None:
    names = {
        ".".join(part for part in parameter.path if not part.isdecimal())
        for parameter in declared(endpoint.parameters)
    }

    assert set(endpoint.modelled.split()) <= names


def endpoint_of(method: str, template: str) -> Endpoint:
    (endpoint,) = (end for end in ENDPOINTS if (end.method, end.template) == (method, template))
    return endpoint


@pytest.mark.parametrize(
    ("value", "code"), [("", "parameter_invalid_empty"), ("1.0", "parameter_invalid_integer")]
)
def test_an_integer_is_no_other_text(value: str, code: str) -> None:
    endpoint = endpoint_of("GET", "/v1/prices")

    with pytest.raises(ApiError) as refused:
        endpoint.read({"limit": value}, is_form=True)

    assert (refused.value.code, refused.value.param) == (code, "limit")


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        (("description",), 40_000),
        (("name",), 250),
        (("statement_descriptor",), 22),
        (("url",), 5_000),
        (("metadata", "name"), 5_000),
    ],
)
def test_a_text_has_at_most_the_length_of_its_name(path: Path, limit: int) -> None:
    endpoint = endpoint_of("POST", "/v1/products")
    call = {"name": "P", "metadata": {"name": "x"}}
    endpoint.read(replaced(call, path, "x" * limit), is_form=True)

    with pytest.raises(ApiError, match=f"at most {limit} characters") as refused:
        endpoint.read(replaced(call, path, "x" * (limit + 1)), is_form=True)

    assert refused.value.param == in_errors(path)
