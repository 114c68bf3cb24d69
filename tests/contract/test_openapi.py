"""The description of the API is complete, and the committed file is up to date."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel

import api.routes
from api.app import describe_app
from api.document.sections import ref
from api.document.views import DRAFTS, STORED
from api.errors import MEDIA_TYPE, Problem
from api.openapi import openapi_document, openapi_text
from api.routes.edge_function import Refusal
from api.routes.health import Readiness
from domain.errors import ERRORS
from domain.json_values import JsonObject
from domain.orders.notifications import OrderKind
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import fields_of
from domain.session.notifications import Kind
from domain.stages import STAGES
from domain.wizard_description import describe_wizard

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
DOCUMENT = openapi_document(describe_app())
WEBHOOK = "/v1/webhooks/stripe"
WITHOUT_TOKEN = {
    "/v1/config",
    "/v1/public/events/{slug}",
    "/v1/public/events/{slug}.ics",
    "/v1/public/events/{slug}/orders",
    "/v1/public/orders/{order_id}",
    "/v1/public/orders/{order_id}/cancel",
    "/media/{name}",
    "/healthz",
    "/readyz",
    WEBHOOK,
}
ASSISTANT = ("/v1/copilot", "/v1/understanding")
"""A run of the assistant changes no session: the calls of its tools do, and their ids are keys."""
EARLIER = "/functions/v1/wizard-session"
FASTAPI_DESCRIPTION = "Successful Response"

COMPONENTS = {"components": DOCUMENT["components"]}
"""Beside a schema, so that its references resolve."""

UNTYPED = {
    f"/paths/{EARLIER}/post/requestBody/content/application/json/schema/properties/data/anyOf/2",
    "/components/schemas/WizardDescription/properties/stages/items/properties/schema",
    "/components/schemas/CopilotTool/properties/parameters",
}
"""A JSON Schema, and no data. Parameters of messages differ by code."""

OTHER_SHAPES: dict[str, type[BaseModel]] = {EARLIER: Refusal, "/readyz": Readiness}
"""Errors that are not problem documents."""

ROUTES = {
    ("get", "/v1/wizard"),
    ("get", "/v1/config"),
    ("post", "/v1/sessions"),
    ("post", "/v1/sessions/{session_id}/payments/connect"),
    ("post", "/v1/sessions/{session_id}/payments/disconnect"),
    ("post", WEBHOOK),
    ("get", "/v1/sessions"),
    ("get", "/v1/sessions/{session_id}"),
    ("delete", "/v1/sessions/{session_id}"),
    ("patch", "/v1/sessions/{session_id}/stages/{stage}"),
    ("post", "/v1/sessions/{session_id}/stages/{stage}/complete"),
    ("post", "/v1/sessions/{session_id}/transition"),
    ("get", "/v1/sessions/{session_id}/checks"),
    ("get", "/v1/sessions/{session_id}/stream"),
    ("post", "/v1/sessions/{session_id}/publish"),
    ("delete", "/v1/sessions/{session_id}/publication"),
    ("post", "/v1/sessions/{session_id}/abandon"),
    ("get", "/v1/sessions/{session_id}/actions"),
    ("post", "/v1/sessions/{session_id}/restore"),
    ("get", "/v1/events"),
    ("get", "/v1/events/{event_id}"),
    ("get", "/v1/public/events/{slug}"),
    ("get", "/v1/public/events/{slug}.ics"),
    ("get", "/v1/sessions/{session_id}/preview"),
    ("post", "/v1/public/events/{slug}/orders"),
    ("get", "/v1/public/orders/{order_id}"),
    ("post", "/v1/public/orders/{order_id}/cancel"),
    ("get", "/v1/events/{event_id}/sales"),
    ("get", "/v1/events/{event_id}/orders"),
    ("post", "/v1/events/{event_id}/sales/pause"),
    ("post", "/v1/events/{event_id}/sales/resume"),
    ("post", "/v1/events/{event_id}/sales/close"),
    ("post", "/v1/copilot"),
    ("get", "/v1/copilot/info"),
    ("post", "/v1/copilot/agent/{name}/run"),
    ("post", "/v1/copilot/agent/{name}/connect"),
    ("post", "/v1/copilot/agent/{name}/stop/{thread_id}"),
    ("get", "/v1/sessions/{session_id}/copilot"),
    ("post", "/v1/understanding"),
    ("post", "/v1/media"),
    ("get", "/media/{name}"),
    ("post", EARLIER),
    ("get", "/healthz"),
    ("get", "/readyz"),
}
"""The routes that outside callers rely on."""


def operations() -> Iterator[tuple[str, str, JsonObject]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def errors() -> Iterator[Any]:
    for method, path, operation in operations():
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                yield pytest.param(path, int(status), response, id=f"{method} {path} {status}")


def test_the_committed_description_is_up_to_date() -> None:
    written = COMMITTED.read_text() if COMMITTED.exists() else ""

    assert written == openapi_text(describe_app()), (
        "docs/openapi.json is not what the code says: look whether the change breaks a caller, "
        "then run `make openapi` and commit the file"
    )


def test_every_route_of_the_contract_exists() -> None:
    described = {(method, path) for method, path, _ in operations()}

    assert described == ROUTES, "a route has its row in ROUTES, and its router is in the app"


def test_every_router_is_part_of_the_app() -> None:
    paths = describe_app().openapi()["paths"].keys()
    for module in pkgutil.iter_modules(api.routes.__path__):
        router: APIRouter = importlib.import_module(f"api.routes.{module.name}").router
        for route in router.routes:
            assert isinstance(route, APIRoute)
            assert route.path in paths or not route.include_in_schema, (
                f"add {module.name} to _ROUTERS"
            )


def test_every_route_has_a_summary_and_a_description() -> None:
    for module in pkgutil.iter_modules(api.routes.__path__):
        for route in importlib.import_module(f"api.routes.{module.name}").router.routes:
            described = route.summary and route.description
            assert described or not route.include_in_schema, route.path


def test_every_parameter_is_described() -> None:
    for method, path, operation in operations():
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), f"{method} {path}: {parameter['name']}"


def test_every_response_is_described() -> None:
    for method, path, operation in operations():
        for status, response in operation["responses"].items():
            described = response["description"]
            assert described, f"{method} {path} {status}"
            assert described != FASTAPI_DESCRIPTION, f"{method} {path} {status}"


def test_every_tag_is_described_sessions_first() -> None:
    described = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    messages = [message["post"] for message in DOCUMENT["webhooks"].values()]
    every = [operation for _, _, operation in operations()] + messages

    assert list(described)[:2] == ["sessions", "stages"]
    assert described.keys() == {tag for operation in every for tag in operation["tags"]}
    assert all(described.values())


def test_the_document_names_token_licence_and_server() -> None:
    info = DOCUMENT["info"]

    assert "make token USER=ada ORG=acme" in info["description"]
    assert info["license"]["identifier"] == "MIT"
    assert [server["url"] for server in DOCUMENT["servers"]] == ["/"]


def test_a_route_with_path_parameters_documents_404() -> None:
    for method, path, operation in operations():
        if "{" in path:
            assert "404" in operation["responses"], f"{method} {path}"


def test_a_route_needs_a_token_unless_public() -> None:
    assert DOCUMENT["security"] == [{"bearer": []}]
    for method, path, operation in operations():
        needs_token = path not in WITHOUT_TOKEN
        assert operation.get("security") == (None if needs_token else []), f"{method} {path}"
        assert ("401" in operation["responses"]) is needs_token, f"{method} {path}"


def test_a_route_with_a_body_documents_413() -> None:
    for method, path, operation in operations():
        if "requestBody" in operation:
            assert "413" in operation["responses"], f"{method} {path}"


def test_every_change_takes_an_idempotency_key() -> None:
    for method, path, operation in operations():
        # Stripe's events have their own ids.
        if method != "get" and path != WEBHOOK and not path.startswith(ASSISTANT):
            headers = [
                parameter["name"]
                for parameter in operation["parameters"]
                if parameter["in"] == "header"
            ]
            assert "idempotency-key" in headers, f"{method} {path}"


@pytest.mark.parametrize(("path", "status", "response"), list(errors()))
def test_every_error_example_is_valid(path: str, status: int, response: JsonObject) -> None:
    model = OTHER_SHAPES.get(path, Problem)
    for content in response["content"].values():
        examples = [example["value"] for example in content.get("examples", {}).values()]
        examples += _of_schema(content["schema"])
        assert examples
        for example in examples:
            model.model_validate(example)
            assert example.get("status") in {status, None, "not_ready"}
            assert "code" not in example or ERRORS[example["code"]]


def test_errors_are_problem_documents() -> None:
    for method, path, operation in operations():
        if path in OTHER_SHAPES:
            continue
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [MEDIA_TYPE], f"{method} {path}"


def test_the_draft_of_every_stage_is_described() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    sent = DOCUMENT["paths"]["/v1/sessions/{session_id}/stages/{stage}"]["patch"]["requestBody"]
    drafts = [schema_of(draft) for draft in sent["content"]["application/json"]["schema"]["anyOf"]]

    for draft, model in zip(drafts, INPUT_SCHEMAS.values(), strict=True):
        assert list(draft["properties"]) == [rule.alias for rule in fields_of(model)]
        assert draft["additionalProperties"] is False
        assert "required" not in draft
    assert schemas["Stage"]["enum"] == list(STAGES)


def test_every_field_of_a_draft_may_be_null() -> None:
    for name in DRAFTS.values():
        for field, schema in DOCUMENT["components"]["schemas"][name]["properties"].items():
            assert jsonschema_rs.is_valid({**schema, **COMPONENTS}, None), f"{name} {field}"


def test_the_data_of_a_stage_is_its_draft() -> None:
    stages = DOCUMENT["components"]["schemas"]["SessionView"]["properties"]["stages"]

    for stage in STAGES:
        view = schema_of(stages["properties"][stage])
        assert view["properties"]["data"] == ref(STORED[stage])
        assert {"data", "valid", "completion", "errors"} <= set(view["required"])


def test_only_the_listed_objects_are_untyped() -> None:
    untyped = {
        pointer
        for pointer, schema in members(DOCUMENT)
        if schema.get("type") == "object"
        and not schema.get("properties")
        and not isinstance(schema.get("additionalProperties"), dict)
    }

    assert {pointer for pointer in untyped if not pointer.endswith("/params")} == UNTYPED


def test_every_notification_is_a_webhook() -> None:
    kinds = {*Kind, *OrderKind}

    assert set(DOCUMENT["webhooks"]) == kinds, "add the kind to api/document/webhooks.py"


def test_the_description_of_the_wizard_is_as_described() -> None:
    schema = {**DOCUMENT["components"]["schemas"]["WizardDescription"], **COMPONENTS}

    jsonschema_rs.validate(schema, describe_wizard())
    assert set(schema["properties"]) == set(describe_wizard()), "add it to api/document/wizard.py"


def test_the_id_of_an_operation_is_the_name_of_its_function() -> None:
    names = {
        route.name
        for module in pkgutil.iter_modules(api.routes.__path__)
        for route in importlib.import_module(f"api.routes.{module.name}").router.routes
    }
    ids = [operation["operationId"] for _, _, operation in operations()]

    assert len(ids) == len(set(ids))
    assert set(ids) <= names


def test_examples_of_drafts_are_for_the_stage_of_the_path() -> None:
    path = DOCUMENT["paths"]["/v1/sessions/{session_id}/stages/{stage}"]["patch"]
    (stage,) = [
        example
        for parameter in path["parameters"]
        if parameter["name"] == "stage"
        for example in parameter["schema"].get("examples", parameter.get("examples", []))
    ]
    draft = {"$ref": f"#/components/schemas/{DRAFTS[stage]}", **COMPONENTS}

    for example in path["requestBody"]["content"]["application/json"]["examples"].values():
        jsonschema_rs.validate(draft, example["value"])


def test_every_example_is_as_its_schema_says() -> None:
    described = [
        (pointer, schema, example)
        for pointer, value in members(DOCUMENT)
        for schema, example in _examples_in(value)
    ]

    assert len(described) > 100
    for pointer, schema, example in described:
        errors = list(jsonschema_rs.iter_errors({**schema, **COMPONENTS}, example))
        assert not errors, f"{pointer}: {errors[0].message}"


def test_the_example_of_removing_a_field_has_its_null() -> None:
    save = DOCUMENT["paths"]["/v1/sessions/{session_id}/stages/{stage}"]["patch"]

    examples = save["requestBody"]["content"]["application/json"]["examples"]
    assert examples["event_remove"]["value"] == {"slug": None}


def schema_of(reference: JsonObject) -> JsonObject:
    schema: JsonObject = DOCUMENT["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
    return schema


def members(value: Any, pointer: str = "") -> Iterator[tuple[str, JsonObject]]:
    """All objects of the document but those of examples, with their pointers."""
    if isinstance(value, dict):
        yield pointer, value
        for name, member in value.items():
            if name not in ("example", "examples"):
                yield from members(member, f"{pointer}/{name}")
    elif isinstance(value, list):
        for position, entry in enumerate(value):
            yield from members(entry, f"{pointer}/{position}")


def _examples_in(value: JsonObject) -> Iterator[tuple[JsonObject, Any]]:
    """The examples of a media type or a parameter, by name, or of a schema, in a list, with their
    schemas."""
    examples = value.get("examples")
    if isinstance(examples, dict) and "schema" in value:
        yield from ((value["schema"], example["value"]) for example in examples.values())
    elif isinstance(examples, list):
        yield from ((value, example) for example in examples)


def _of_schema(schema: JsonObject) -> list[JsonObject]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: list[JsonObject] = DOCUMENT["components"]["schemas"].get(name, {}).get("examples", [])
    return found
