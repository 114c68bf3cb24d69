"""The FastAPI dependencies: services, request headers, JSON bodies, requested changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from pydantic import SecretStr
from temporalio.client import Client

from api.sessions.client import SessionClient
from api.sessions.erasure import Eraser
from api.sessions.publishing import Publisher
from domain.errors import Unavailable
from observability.metrics import ApiMetrics

if TYPE_CHECKING:
    from db.inbox import InboxWriter
    from db.pool import Pool
    from db.reads import EventReads, SessionReads
import re
from typing import Any, Final

import pydantic_core
from fastapi import Header

from api.auth import CurrentActor
from api.sessions.client import ChangeRequest
from api.sessions.idempotency import MAX_KEY_LENGTH, Attempt
from domain.errors import ErrorCode, FieldError, InvalidRequest
from domain.json_values import JsonObject


@dataclass(frozen=True)
class Services:
    temporal: Client
    pool: "Pool"
    sessions: SessionClient
    publishing: Publisher
    erasing: Eraser
    session_reads: "SessionReads"
    event_reads: "EventReads"
    inbox: "InboxWriter"
    webhook_secrets: Sequence[SecretStr]
    livemode: bool
    metrics: ApiMetrics


async def is_serving(request: Request) -> bool:
    """Whether there are services yet."""
    return request.app.state.services is not None


Serving = Annotated[bool, Depends(is_serving)]


async def services(request: Request) -> Services:
    """
    Raises:
        Unavailable: the API still waits for its database.
    """
    built: Services | None = request.app.state.services
    if built is None:
        raise Unavailable("The API is starting: /readyz says what it waits for.")
    return built


CurrentServices = Annotated[Services, Depends(services)]


DEFAULT_WAIT_SECONDS: Final = 10.0
MAX_WAIT_SECONDS: Final = 30.0

_REVISION: Final = re.compile(r'(?:W/)?"([0-9]{1,18})"')
_WAIT: Final = re.compile(r"wait\s*=\s*\"?([0-9]{1,9})\"?", re.IGNORECASE)


def etag(revision: int) -> str:
    return f'"{revision}"'


_KEY: Final[JsonObject] = {
    "description": "Chosen by the client. A repeat with the same key has the same answer, "
    f"and no second effect. 1 to {MAX_KEY_LENGTH} visible ASCII characters.",
    "examples": ["3f1c9e1e-save-1"],
}
_IF_MATCH: Final[JsonObject] = {
    "description": 'The `ETag` of the view that the change is based on, like `"3"`.'
}
_PREFER_ASYNC: Final[JsonObject] = {
    "description": "`respond-async`: 202 as soon as the change is on its way (RFC 7240)."
}

IdempotencyKey = Annotated[str | None, Header(**_KEY)]
IfMatch = Annotated[str | None, Header(**_IF_MATCH)]


def documented_for_save() -> JsonObject:
    """``openapi_extra`` of a route that reads these headers itself, as FastAPI has them."""
    headers = {"idempotency-key": _KEY, "if-match": _IF_MATCH, "prefer": _PREFER_ASYNC}
    return {
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": False,
                "schema": {
                    "anyOf": [{"type": "string"}, {"type": "null"}],
                    **about,
                    "title": name.title(),
                },
                "description": about["description"],
            }
            for name, about in headers.items()
        ]
    }


async def attempt(idempotency_key: IdempotencyKey = None) -> Attempt:
    return Attempt.of(idempotency_key)


async def expected_revision(if_match: IfMatch = None) -> int | None:
    """
    Raises:
        InvalidRequest: not an entity tag that this API gives out.
    """
    return revision_of(if_match)


def revision_of(if_match: str | None) -> int | None:
    """
    Raises:
        InvalidRequest: as :func:`expected_revision`.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    match = _REVISION.fullmatch(if_match.strip())
    if match is None:
        raise InvalidRequest('If-Match has to be the ETag of a view, like "3" with its quotes.')
    return int(match[1])


async def known_revisions(
    if_none_match: Annotated[
        str | None, Header(description="`ETag` of a view that the client has already.")
    ] = None,
) -> frozenset[int]:
    """Revisions for which the answer may be 304. What is no tag of ours matches nothing."""
    return frozenset(int(each) for each in _REVISION.findall(if_none_match or ""))


async def wait_seconds(
    prefer: Annotated[
        str | None,
        Header(description="`wait=N`: how many seconds to wait for the event (RFC 7240)."),
    ] = None,
) -> float:
    match = _WAIT.search(prefer or "")
    return min(float(match[1]), MAX_WAIT_SECONDS) if match else DEFAULT_WAIT_SECONDS


def is_async(prefer: str | None) -> bool:
    return "respond-async" in {each.strip().lower() for each in (prefer or "").split(",")}


AttemptHeader = Annotated[Attempt, Depends(attempt)]
ExpectedRevision = Annotated[int | None, Depends(expected_revision)]
KnownRevisions = Annotated[frozenset[int], Depends(known_revisions)]
WaitSeconds = Annotated[float, Depends(wait_seconds)]


_NOT_AN_OBJECT: Final = FieldError(
    pointer="", code=ErrorCode.INVALID_TYPE.value, message="The body has to be a JSON object."
)


async def json_value(request: Request) -> Any:
    """The body, whatever its content type says; None where there is no body.

    Raises:
        InvalidRequest: it is not JSON (RFC 8259), or nested too deeply to be read.
    """
    text = await request.body()
    if not text.strip():
        return None
    try:
        return pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(f"The body is not JSON: {error}.") from error


async def json_object(request: Request) -> JsonObject:
    """
    Raises:
        InvalidRequest: as :func:`json_value`, or the body is not a JSON object.
    """
    value = await json_value(request)
    if not isinstance(value, dict):
        raise InvalidRequest(_NOT_AN_OBJECT.message, errors=[_NOT_AN_OBJECT])
    return value


JsonObjectBody = Annotated[JsonObject, Depends(json_object)]
"""A body that has to be an object."""

OptionalJsonBody = Annotated[Any, Depends(json_value)]
"""A body that may be missing."""


def documented(schema: JsonObject, *, required: bool, **examples: Any) -> JsonObject:
    """``openapi_extra`` of a route that reads its body here."""
    return {
        "requestBody": {
            "required": required,
            "content": {
                "application/json": {
                    "schema": schema,
                    "examples": {name: {"value": value} for name, value in examples.items()},
                }
            },
        }
    }


async def requested_change(
    actor: CurrentActor, session_id: str, idempotency_key: IdempotencyKey = None
) -> ChangeRequest:
    return ChangeRequest(actor, session_id, Attempt.of(idempotency_key))


RequestedChange = Annotated[ChangeRequest, Depends(requested_change)]


@dataclass(frozen=True)
class Save:
    """What is to be saved, and where."""

    change: ChangeRequest
    sessions: SessionClient
    data: JsonObject
    expected_revision: int | None
    respond_async: bool


async def requested_save(request: Request, actor: CurrentActor, session_id: str) -> Save:
    """Reads its headers itself, for :class:`api.save_route.SaveRoute` calls it without FastAPI. The
    route documents them."""
    headers = request.headers
    return Save(
        change=ChangeRequest(actor, session_id, Attempt.of(headers.get("idempotency-key"))),
        sessions=(await services(request)).sessions,
        data=await json_object(request),
        expected_revision=revision_of(headers.get("if-match")),
        respond_async=is_async(headers.get("prefer")),
    )


RequestedSave = Annotated[Save, Depends(requested_save)]
