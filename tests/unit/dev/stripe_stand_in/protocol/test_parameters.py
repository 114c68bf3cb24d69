"""Parameters, checked with calls that are generated from the SDK's types."""

from collections.abc import Iterator
from typing import Any, Final, Literal, get_origin

import pytest
import typing_extensions

from dev.stripe_stand_in.app import ENDPOINTS
from dev.stripe_stand_in.protocol.endpoints import Endpoint
from dev.stripe_stand_in.protocol.errors import ApiError
from tests.unit.dev.stripe_stand_in.sdk_calls import (
    UNSET,
    Path,
    declared,
    in_errors,
    is_form,
    is_modelled,
    leaves,
    members,
    replaced,
    sent,
)

each_endpoint: Final = pytest.mark.parametrize(
    "endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.template}"
)


def refusal(endpoint: Endpoint, call: dict[str, Any]) -> ApiError | None:
    """The error for a call, or None if it is accepted."""
    try:
        endpoint.read(sent(endpoint, call), is_form=is_form(endpoint))
    except ApiError as error:
        return error
    return None


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
