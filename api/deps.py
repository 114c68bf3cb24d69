"""The FastAPI dependencies: services, request headers, changes, pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Header, Path, Query, Request
from pydantic import AfterValidator, SecretStr
from temporalio.client import Client

from api.auth import CurrentActor
from api.copilot.runs import CopilotRuns
from api.entity_tags import KnownTags, expected_revisions
from api.live.hub import SessionHub
from api.live.session_streams import SessionStreams
from api.media.uploads import Pictures
from api.orders.client import OrderClient
from api.orders.sales import SalesClient
from api.pages.event_html import PublicSite
from api.request_headers import (
    DEFAULT_WAIT_SECONDS,
    MAX_WAIT_SECONDS,
    Lines,
    Preferences,
    combined,
)
from api.sessions.client import SessionClient
from api.sessions.erasure import Eraser
from api.sessions.idempotency import MAX_KEY_LENGTH, Attempt
from api.sessions.publishing import Publisher
from api.sessions.updates import ChangeRequest
from db.inbox import InboxWriter
from db.pool import Pool
from db.presence import MemberReads
from db.reads import EventReads, SessionReads
from domain.errors import (
    EventNotFound,
    OrderNotFound,
    SessionNotFound,
    Unavailable,
)
from domain.ids import required_id
from domain.json_values import JsonObject
from domain.stages import Stage
from observability.metrics import ApiMetrics
from payments.webhook_secrets import WebhookSecret

# Services


@dataclass(frozen=True)
class Services:
    """The services that routes use; ``api/app.py`` creates them once the database is available."""

    temporal: Client
    pool: Pool
    sessions: SessionClient
    hub: SessionHub
    streams: SessionStreams
    publisher: Publisher
    eraser: Eraser
    copilot: CopilotRuns
    session_reads: SessionReads
    member_reads: MemberReads
    event_reads: EventReads
    orders: OrderClient
    sales: SalesClient
    site: PublicSite
    pictures: Pictures
    inbox: InboxWriter
    webhook_secrets: Sequence[WebhookSecret]
    id_secret: SecretStr
    livemode: bool
    metrics: ApiMetrics


async def is_serving(request: Request) -> bool:
    """False while the API is waiting for its database."""
    return request.app.state.services is not None


async def current_services(request: Request) -> Services:
    """
    Raises:
        Unavailable: the API is still waiting for its database.
    """
    services: Services | None = request.app.state.services
    if services is None:
        raise Unavailable("The API is starting. See /readyz.")
    return services


Serving = Annotated[bool, Depends(is_serving)]
CurrentServices = Annotated[Services, Depends(current_services)]


# Paths

SessionId = Annotated[
    str,
    Path(description="The session's id, a UUID. Another tenant's session is not found."),
    AfterValidator(partial(required_id, missing=SessionNotFound)),
]
"""In its canonical form, as logs, responses and workflow ids have it."""
EventId = Annotated[
    str,
    Path(description="The event's id, a UUID. Another tenant's event is not found."),
    AfterValidator(partial(required_id, missing=EventNotFound)),
]
OrderId = Annotated[
    str,
    Path(description="The order's id, a UUID. It gives access to the order, without a token."),
    AfterValidator(partial(required_id, missing=OrderNotFound)),
]
StageInPath = Annotated[
    Stage, Path(description="The name of the stage.", examples=[Stage.EVENT_SETUP.value])
]
"""The examples of bodies are for the stage of this example."""


# Request headers

IdempotencyKey = Annotated[
    Lines,
    Header(
        description="A key of your choice, 1 to "
        f"{MAX_KEY_LENGTH} visible ASCII characters. A request that is repeated with the same key "
        "takes effect only once.",
        examples=["3f1c9e1e-save-1"],
    ),
]


async def attempt(idempotency_key: IdempotencyKey = None) -> Attempt:
    """
    Raises:
        InvalidRequest: the key is too long or has other characters.
    """
    return Attempt.of(combined(idempotency_key))


IfMatch = Annotated[
    Lines,
    Header(
        description='The `ETag` of the response that the change is based on, such as `"3"`, a list '
        "of them, or `*`. If the session has another revision, the change is refused with 412."
    ),
]


IfNoneMatch = Annotated[
    Lines,
    Header(
        description="The `ETag` of an earlier response, a list of them, or `*`. If one is still "
        "current, the response is 304 without a body."
    ),
]


async def known_tags(if_none_match: IfNoneMatch = None) -> KnownTags:
    return KnownTags.of(if_none_match)


async def accepted_languages(
    accept_language: Annotated[
        Lines,
        Header(
            description="The preferred languages (RFC 9110, section 12.5.4). A translation of the "
            "event is chosen by the lookup of RFC 4647, else the event is as it was entered.",
            examples=["fr-CH, fr;q=0.9, en;q=0.8"],
        ),
    ] = None,
) -> str:
    return combined(accept_language) or ""


async def wait_seconds(
    prefer: Annotated[
        Lines,
        Header(
            description="`wait=N` sets how many seconds to wait for the event (RFC 7240). "
            f"The default is {DEFAULT_WAIT_SECONDS:.0f}, the maximum {MAX_WAIT_SECONDS:.0f}."
        ),
    ] = None,
) -> float:
    return Preferences.of(prefer).wait_seconds


PreferMinimal = Annotated[
    Lines,
    Header(
        alias="Prefer",
        description="`return=minimal`: respond with revision, stage and progress instead of the "
        "whole session (RFC 7240).",
    ),
]


async def wants_minimal(prefer: PreferMinimal = None) -> bool:
    return Preferences.of(prefer).is_minimal


PreferAsync = Annotated[
    Lines,
    Header(
        description="`respond-async` returns 202 as soon as the change is queued, before the "
        "session applies it. `return=minimal` returns revision, stage and progress instead of the "
        "whole session (RFC 7240)."
    ),
]


@dataclass(frozen=True)
class SaveHeaders:
    """The headers of a save.

    FastAPI takes a tenth of a save's CPU time in the API to resolve three headers, so the route
    reads them here, and documents them as this class declares them (ADR 75).
    """

    idempotency_key: IdempotencyKey = None
    if_match: IfMatch = None
    prefer: PreferAsync = None

    @classmethod
    def of(cls, request: Request) -> "SaveHeaders":
        headers = request.headers
        return cls(
            idempotency_key=headers.getlist("idempotency-key") or None,
            if_match=headers.getlist("if-match") or None,
            prefer=headers.getlist("prefer") or None,
        )


def documented_headers(dependency: Callable[..., object]) -> JsonObject:
    """``openapi_extra`` with the headers that a dependency declares, for a route without it."""
    documented = FastAPI()
    documented.get("/", dependencies=[Depends(dependency)])(lambda: None)
    return {"parameters": documented.openapi()["paths"]["/"]["get"]["parameters"]}


RequestAttempt = Annotated[Attempt, Depends(attempt)]
AcceptedLanguages = Annotated[str, Depends(accepted_languages)]
ClientTags = Annotated[KnownTags, Depends(known_tags)]
WaitSeconds = Annotated[float, Depends(wait_seconds)]
WantsMinimal = Annotated[bool, Depends(wants_minimal)]


# Changes


async def requested_change(
    actor: CurrentActor,
    session_id: SessionId,
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> ChangeRequest:
    return ChangeRequest(
        actor, session_id, Attempt.of(combined(idempotency_key)), expected_revisions(if_match)
    )


RequestedChange = Annotated[ChangeRequest, Depends(requested_change)]


# Pages of a list

MAX_PAGE: Final = 100


@dataclass(frozen=True)
class PageQuery:
    limit: int
    cursor: str | None


class ListView(StrEnum):
    FULL = "full"
    SUMMARY = "summary"


async def wants_summary(
    view: Annotated[
        ListView,
        Query(
            description="`summary`: list only what identifies and describes each entry, without "
            "its data."
        ),
    ] = ListView.FULL,
) -> bool:
    return view is ListView.SUMMARY


WantsSummary = Annotated[bool, Depends(wants_summary)]


async def page_query(
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="The size of the page.")] = 20,
    cursor: Annotated[
        str | None,
        Query(
            max_length=500,
            description="The `next_cursor` of the previous page. Omit it for the first page.",
        ),
    ] = None,
) -> PageQuery:
    return PageQuery(limit, cursor)


RequestedPage = Annotated[PageQuery, Depends(page_query)]
