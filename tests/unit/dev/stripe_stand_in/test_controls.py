"""The controls keep to their OpenAPI document, whichever they are."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from hypothesis import settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dev.stripe_stand_in.app import create_app
from dev.stripe_stand_in.control import PREFIX
from tests.support.full_size import IS_FULL

DIRECTORY = TemporaryDirectory()
APP = create_app(Path(DIRECTORY.name), "http://127.0.0.1", [])
URL = f"{PREFIX}/openapi.json"
DOCUMENT = APP.openapi()

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


CONFIGURATION = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": IS_FULL}}})
"""The cases at the limits of each schema take seconds of each process that collects the tests;
``make limits`` plays them."""


@schemathesis.openapi.from_asgi(URL, APP, config=CONFIGURATION).parametrize()
@settings(max_examples=10, deadline=None)
def test_a_control_responds_as_described(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(checks=CHECKS)


def test_the_document_has_the_controls_only() -> None:
    paths = {path.removeprefix(PREFIX) for _, path, _ in operations()}

    assert paths >= {"/health", "/requests", "/faults", "/webhooks"}
    assert all(path.startswith(f"{PREFIX}/") for path in DOCUMENT["paths"])


def test_every_control_describes_its_responses_and_refusals() -> None:
    for method, path, operation in operations():
        content = {
            status: response["content"]["application/json"]["schema"]
            for status, response in operation["responses"].items()
        }
        assert content.keys() == {"200", "4XX"}, (method, path)
        assert content["4XX"] == {"$ref": "#/components/schemas/ControlRefusal"}


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for *_, operation in operations()]

    assert len(ids) == len(set(ids))


def test_every_input_refuses_unknown_fields() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for method, path, operation in operations():
        if "requestBody" in operation:
            reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            schema = schemas[reference.rpartition("/")[2]]
            assert schema["additionalProperties"] is False, (method, path)
