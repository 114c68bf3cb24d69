"""What a refused request says: each value is named, and a format is explained."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.app import describe_app
from api.copilot.run_input import RunInput
from api.errors import invalid_request
from api.mcp.arguments import NewSession
from api.mcp.tools import offered_tools
from api.openapi import openapi_document
from api.routes.understanding import UnderstandingRequest
from domain.validation.texts import LABELS

DOCUMENT = openapi_document(describe_app())
FROM_STRIPE = "/v1/webhooks/stripe"
"""Its body is read only if Stripe has signed it."""


def operations() -> Iterator[dict[str, Any]]:
    for path, methods in DOCUMENT["paths"].items():
        if path != FROM_STRIPE:
            yield from methods.values()


def names_in(value: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of the members of a schema, and of the schemas that it refers to."""
    if isinstance(value, list):
        for entry in value:
            yield from names_in(entry, seen)
    if not isinstance(value, dict):
        return
    if (reference := value.get("$ref")) and reference not in seen:
        component = DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]
        yield from names_in(component, seen | {reference})
    yield from value.get("properties", ())
    for part in (*value.get("properties", {}).values(), value.get("items")):
        yield from names_in(part, seen)
    for choice in ("anyOf", "oneOf", "allOf"):
        yield from names_in(value.get(choice), seen)


def test_every_value_of_a_request_has_a_label() -> None:
    names: set[str] = set()
    for operation in operations():
        names.update(
            parameter["name"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] in {"path", "query"}
        )
        for content in operation.get("requestBody", {}).get("content", {}).values():
            names.update(names_in(content.get("schema")))

    assert names - LABELS.keys() == set()


def test_every_argument_of_a_tool_has_a_label() -> None:
    names = {name for tool in offered_tools() for name in names_in(tool.input_schema)}
    assert names - LABELS.keys() == set()


RUN = {
    "threadId": "5b0c0d6e-4f0e-4a52-9a3f-0a6f6f1f7c11",
    "runId": "1",
    "messages": [],
    "tools": [],
}


@pytest.mark.parametrize(
    ("model", "sent", "detail"),
    [
        (
            UnderstandingRequest,
            {"text": "A show", "locale": "??"},
            "Locale must be a language tag like en, pt-BR or zh-Hant.",
        ),
        (NewSession, {}, "Key is required."),
        (NewSession, {"key": "a key"}, "Key must be at least 8 characters."),
        (
            NewSession,
            {"key": "a key with spaces"},
            "Key can contain only visible ASCII characters, without spaces.",
        ),
        (RunInput, {**RUN, "forwardedProps": {}}, "Forwarded properties session ID is required."),
        (RunInput, {}, "Thread ID is required."),
    ],
)
def test_a_refused_value_is_named(model: type[Any], sent: dict[str, Any], detail: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(model).validate_python(sent)

    in_body = [{**error, "loc": ("body", *error["loc"])} for error in refused.value.errors()]
    assert invalid_request(in_body).detail == detail
