"""The description of the API is complete, and the committed file is up to date."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel

import api.routes
from api.app import describe_app
from api.errors import MEDIA_TYPE, Problem
from api.openapi import openapi_document, openapi_text
from api.routes.edge_function import Refusal
from api.routes.health import Readiness
from domain.errors import ERRORS
from domain.stages import STAGES

JsonObject = dict[str, Any]

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
DOCUMENT = openapi_document(describe_app())
WEBHOOK = "/v1/webhooks/stripe"
WITHOUT_TOKEN = {
    "/v1/public/events/{slug}",
    "/v1/public/events/{slug}.ics",
    "/v1/public/events/{slug}/orders",
    "/v1/public/orders/{order_id}",
    "/v1/public/orders/{order_id}/cancel",
    "/healthz",
    "/readyz",
    WEBHOOK,
}
EARLIER = "/functions/v1/wizard-session"
FASTAPI_DESCRIPTION = "Successful Response"

OTHER_SHAPES: dict[str, type[BaseModel]] = {EARLIER: Refusal, "/readyz": Readiness}
"""Errors that are not problem documents."""

ROUTES = {
    ("get", "/v1/wizard"),
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
    ("post", "/v1/sessions/{session_id}/publish"),
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
    used = {tag for _, _, operation in operations() for tag in operation["tags"]}

    assert list(described)[:2] == ["sessions", "stages"]
    assert described.keys() == used
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
    for method, path, operation in operations():
        needs_token = path not in WITHOUT_TOKEN
        assert bool(operation.get("security")) is needs_token, f"{method} {path}"
        assert ("401" in operation["responses"]) is needs_token, f"{method} {path}"


def test_a_route_with_a_body_documents_413() -> None:
    for method, path, operation in operations():
        if "requestBody" in operation:
            assert "413" in operation["responses"], f"{method} {path}"


def test_every_change_takes_an_idempotency_key() -> None:
    for method, path, operation in operations():
        if method != "get" and path != WEBHOOK:  # Stripe's events have their own ids
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


def test_the_data_of_every_stage_is_described() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    for name in (
        "OrganizerSection",
        "EventSection",
        "VenueSection",
        "TicketSection",
        "SponsorSection",
        "ReviewInput",
    ):
        assert schemas[name]["additionalProperties"] is False
    assert schemas["Stage"]["enum"] == list(STAGES)


def test_every_route_has_a_unique_id() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]

    assert len(ids) == len(set(ids))


def _of_schema(schema: JsonObject) -> list[JsonObject]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: list[JsonObject] = DOCUMENT["components"]["schemas"].get(name, {}).get("examples", [])
    return found
