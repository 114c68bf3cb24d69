"""The OpenAPI document, with the schemas of the stages."""

import json
from collections.abc import Iterator
from typing import Any, Final, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from api.document.codes import type_codes
from api.document.earlier import type_earlier_contract
from api.document.events import type_events
from api.document.sections import REF
from api.document.views import type_copilot, type_sessions
from api.document.webhooks import message_schemas, webhooks
from api.document.wizard import describe_description
from api.errors import Problem
from api.live import sse
from api.middleware.rate_limit import UNLIMITED
from api.responses import documented_errors
from api.routing import STRICT_PREFIX
from domain.errors import InvalidRequest, RateLimited, UnsupportedMediaType

DESCRIPTION: Final = """\
Organizers create an event in six stages. Each session is one durable workflow: a saved draft is
not lost, and a session publishes at most one event.

**Authentication.** Send a bearer token with every request except those for public events and their
orders, webhooks and health. In development, `make token USER=ada ORG=acme` prints a token. In
production, get an access token from the identity provider that the deployment names in
`JWT_ISSUER`. On this page, paste the token under **Authorize**.

**Tenants.** Sessions and events belong to the organization in the token, or else to the user.
For those of another tenant, the response is 404, as if they did not exist.

**First steps.**

1. `POST /v1/sessions` creates a session.
2. `PATCH /v1/sessions/{session_id}/stages/{stage}` saves a draft, valid or not.
   `GET /v1/wizard` has the JSON Schema of each stage.
3. `POST /v1/sessions/{session_id}/stages/{stage}/complete` moves on to the next stage.
4. `GET /v1/sessions/{session_id}/checks` lists everything that blocks publishing.
5. `POST /v1/sessions/{session_id}/publish` publishes the event.
6. `POST /v1/public/events/{slug}/orders` orders tickets, and `GET /v1/events/{event_id}/sales` has
   what the event has sold.

**Errors** are problem documents (RFC 9457). `code` is stable, and `errors` has an entry for each
invalid value, with a JSON Pointer (RFC 6901) to it.

**Limits.** Responses name the rate limits that the request counted for in `RateLimit-Policy`, and
what is left of them in `RateLimit` (draft-ietf-httpapi-ratelimit-headers-09). A request over a
limit is refused with 429 and `Retry-After`.

**Retries.** Send an `Idempotency-Key` with each change. A request that is repeated with the same
key takes effect only once, and returns the session as it is now with `Idempotent-Replayed: true`.
The same key with another request is refused with 409. A session remembers the newest 1,000
keys for 24 hours. If a request is refused and changes nothing, its key can be used again.
"""

_SERVERS: Final = [{"url": "/", "description": "The server that serves this document"}]

TAGS: Final = [
    {"name": "sessions", "description": "Create, list, read, check, abandon and erase sessions."},
    {
        "name": "stages",
        "description": "Save the data of a stage, complete it, and move between stages.",
    },
    {"name": "publication", "description": "Publish a session's event, now or at a given time."},
    {
        "name": "history",
        "description": "Read the audit trail of a session, and restore an earlier revision.",
    },
    {
        "name": "payments",
        "description": "Connect the tenant's Stripe account, which sells paid tickets.",
    },
    {"name": "events", "description": "Read published events, and the sale of their tickets."},
    {
        "name": "orders",
        "description": "Order tickets of a public event, without a token. Each order is a durable "
        "process: it holds the tickets until they are paid, cancelled or not paid in time.",
    },
    {
        "name": "media",
        "description": "Upload pictures for sessions, and get their files.",
    },
    {
        "name": "sales",
        "description": "Read what an event has sold, and pause, resume or close its sales.",
    },
    {
        "name": "assistant",
        "description": (
            "Run the assistant, which fills in and publishes an event from plain sentences."
        ),
    },
    {
        "name": "wizard",
        "description": "The stages with their JSON Schemas, and all choices, limits and codes.",
    },
    {
        "name": "config",
        "description": "How a front end signs people in, and what the deployment offers.",
    },
    {
        "name": "earlier front ends",
        "description": "The contract of the earlier edge function, for front ends that use it. "
        "New front ends use the other routes.",
    },
    {"name": "webhooks", "description": "Called by Stripe."},
    {
        "name": "notifications",
        "description": "Messages that the deployment sends to its own receiver.",
    },
    {"name": "health", "description": "Called by orchestrators and load balancers."},
]
"""In the order of the page, which is a newcomer's: the routes are matched in another one."""

_FASTAPI_ERROR: Final = {"$ref": REF.format(model="HTTPValidationError")}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        contact=app.contact,
        license_info=app.license_info,
        tags=TAGS,
        servers=_SERVERS,
        routes=app.routes,
    )
    _complete_components(document["components"]["schemas"])
    document["webhooks"] = webhooks()
    _restore_examples(document, app)
    _drop_fastapi_error(document)
    _drop_types_of_streams(document)
    _drop_empty_bodies(document)
    _drop_null_bodies(document)
    _document_rate_limits(document)
    _document_request_checks(document)
    _require_tokens(document)
    return document


def _complete_components(schemas: dict[str, Any]) -> None:
    """Adds the models that no route's signature has, and the types of what models keep untyped."""
    problem = Problem.model_json_schema(ref_template=REF)
    for name, schema in {**problem.pop("$defs"), "Problem": problem}.items():
        schemas.setdefault(name, schema)
    type_sessions(schemas)
    type_copilot(schemas)
    type_events(schemas)
    type_codes(schemas)
    type_earlier_contract(schemas)
    describe_description(schemas)
    schemas |= message_schemas()


def _restore_examples(document: dict[str, Any], app: FastAPI) -> None:
    """Puts the examples back with their null values, which FastAPI leaves out."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        body = (route.openapi_extra or {}).get("requestBody", {})
        for name, examples in _examples_of_models(route):
            document["components"]["schemas"][name]["examples"] = examples
        for method in route.methods or ():
            operation = document["paths"][route.path_format][method.lower()]
            _copy_examples(body, operation.get("requestBody", {}))
            for status, response in route.responses.items():
                _copy_examples(response, operation["responses"].get(str(status), {}))


def _examples_of_models(route: APIRoute) -> Iterator[tuple[str, Any]]:
    """The examples of the models of a route's body and responses, by their components."""
    body = route.body_field.field_info.annotation if route.body_field else None
    for described in (body, *(response.get("model") for response in route.responses.values())):
        for model in _models_in(described):
            extra = model.model_config.get("json_schema_extra")
            if isinstance(extra, dict) and isinstance(extra.get("examples"), list):
                yield model.__name__, extra["examples"]


def _models_in(described: Any) -> Iterator[type[BaseModel]]:
    for part in (described, *get_args(described)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part


def _copy_examples(source: dict[str, Any], target: dict[str, Any]) -> None:
    for media_type, content in source.get("content", {}).items():
        if "examples" in content:
            target["content"][media_type]["examples"] = content["examples"]


def _drop_fastapi_error(document: dict[str, Any]) -> None:
    """Removes FastAPI's own validation error, which is a problem document here."""
    for path in document["paths"].values():
        for operation in path.values():
            content = operation["responses"].get("422", {}).get("content", {})
            if content.get("application/json") == {"schema": _FASTAPI_ERROR}:
                del content["application/json"]
                if not content:
                    del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _drop_types_of_streams(document: dict[str, Any]) -> None:
    """FastAPI adds that the body is text. The schema is that of the messages in it."""
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                stream = response.get("content", {}).get(sse.MEDIA_TYPE, {"schema": {}})
                stream["schema"].pop("type", None)


def _drop_empty_bodies(document: dict[str, Any]) -> None:
    """Removes the JSON that FastAPI adds to responses of other content types."""
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                if response.get("content", {}).get("application/json") == {"schema": {}}:
                    del response["content"]["application/json"]


def _drop_null_bodies(document: dict[str, Any]) -> None:
    """An optional body is omitted. Generated clients that may also send null do not omit it."""
    for path in document["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                some, *rest = content["schema"].get("anyOf", [{}])
                if rest == [{"type": "null"}]:
                    content["schema"] = some


def _require_tokens(document: dict[str, Any]) -> None:
    """Says of the whole document that it needs a token, and of public routes that they do not."""
    document["security"] = [{"bearer": []}]
    for path in document["paths"].values():
        for operation in path.values():
            if operation.pop("security", None) is None:
                operation["security"] = []


def _document_rate_limits(document: dict[str, Any]) -> None:
    """Adds 429 to all limited routes: requests are counted before they are routed."""
    limited = documented_errors(RateLimited)[RateLimited.status]
    for path, operations in document["paths"].items():
        if path not in UNLIMITED:
            for operation in operations.values():
                operation["responses"].setdefault("429", limited)


def _document_request_checks(document: dict[str, Any]) -> None:
    """Adds the refusals of :class:`api.routing.ApiRoute`: other media types, also of a body that
    the route does not have, and unknown query parameters."""
    refused = documented_errors(UnsupportedMediaType, InvalidRequest)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody")
            if method != "get" and (body is None or "application/json" in body["content"]):
                operation["responses"].setdefault("415", refused[UnsupportedMediaType.status])
            if path.startswith(STRICT_PREFIX):
                operation["responses"].setdefault("422", refused[InvalidRequest.status])


def openapi_text(app: FastAPI) -> str:
    return json.dumps(openapi_document(app), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
