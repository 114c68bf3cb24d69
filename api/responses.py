"""Builds responses, and their documentation for the routes.

Bodies are serialized directly from the models, so that FastAPI does not validate them again.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from pydantic import BaseModel, Field

from api.entity_tags import KnownTags, revision_tag
from api.errors import MEDIA_TYPE, problem_of
from api.sessions.updates import Changed
from db.pages import Page
from domain.errors import (
    IdempotencyKeyReused,
    InvalidImage,
    InvalidRequest,
    MediaQuotaExceeded,
    NotOnSale,
    OrderClosed,
    PayloadTooLarge,
    Publishing,
    RateLimited,
    RevisionConflict,
    SalesPaused,
    SessionClosed,
    SessionLost,
    SessionNotFound,
    SoldOut,
    Unauthenticated,
    Unavailable,
    WizardError,
)
from domain.json_values import JsonObject
from domain.orders.sales import SaleState
from domain.session.view import SessionView
from domain.stages import Stage

Item = TypeVar("Item", bound=BaseModel)

_CURSOR: Final = "cursor"
_PATH: Final = "/%"

Responses = dict[int | str, dict[str, Any]]
"""The ``responses`` of a FastAPI route."""


class Items(BaseModel, Generic[Item]):
    """One page of a list."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """``EventPage``, which is also the name in generated clients."""
        return f"{params[0].__name__}Page"

    items: list[Item]
    next_cursor: str | None = Field(
        description="The `cursor` of the next page; null on the last page"
    )

    @classmethod
    def of(cls, page: Page[Item]) -> "Items[Item]":
        return cls(items=page.items, next_cursor=page.next_cursor)


def list_response(request: Request, page: Items[Item]) -> Response:
    """A page of a list, with the address of the next one as ``Link`` (RFC 8288)."""
    headers: dict[str, str] = {}
    if page.next_cursor is not None:
        kept = [pair for pair in request.query_params.multi_items() if pair[0] != _CURSOR]
        query = urlencode([*kept, (_CURSOR, page.next_cursor)])
        headers["Link"] = f'<{quote(request.url.path, safe=_PATH)}?{query}>; rel="next"'
    return json_response(page, headers=headers)


def documented_list(description: str, *models: Any) -> Responses:
    """The response of :func:`list_response`."""
    documented = documented_response(None, description, headers=["Link"])
    documented[200]["model"] = reduce(or_, models)
    return documented


def json_response(
    model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        model.model_dump_json(), status, media_type="application/json", headers=dict(headers or {})
    )


def view_response(
    view: SessionView, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A session, with its revision as ``ETag``."""
    return json_response(view, status, {"ETag": revision_tag(view.revision), **(headers or {})})


def view_unless_known(view: SessionView, known: KnownTags) -> Response:
    """A session, or 304 if the client has this revision."""
    tag = revision_tag(view.revision)
    return _not_modified({"ETag": tag}) if known.include(tag) else view_response(view)


def _not_modified(headers: Mapping[str, str]) -> Response:
    """With the headers of the full response that concern caches (RFC 9110, section 15.4.5)."""
    return Response(status_code=304, headers=dict(headers))


class Minimal(BaseModel):
    """The part of a session that `Prefer: return=minimal` returns."""

    revision: int
    stage: Stage = Field(description="The current stage")
    progress: int = Field(ge=0, le=100, description="Progress in percent, weighted by stage")


def changed_response(changed: Changed, *, is_minimal: bool = False) -> Response:
    """The session after a change, whole or as :class:`Minimal`."""
    view, headers = changed.view, replayed_header(changed.is_repeat)
    if not is_minimal:
        return view_response(view, headers=headers)
    headers |= {"ETag": revision_tag(view.revision), "Preference-Applied": "return=minimal"}
    shown = Minimal(
        revision=view.revision, stage=view.current_stage, progress=view.completion_percentage
    )
    return json_response(shown, headers=headers)


def replayed_header(is_repeat: bool) -> dict[str, str]:
    return {"Idempotent-Replayed": "true"} if is_repeat else {}


def documented_change(description: str) -> Responses:
    """The response of :func:`changed_response`."""
    headers = ["ETag", "Idempotent-Replayed", "Preference-Applied"]
    documented = documented_response(SessionView, description, headers=headers)
    documented[200]["model"] = SessionView | Minimal
    return documented


def documented_response(
    model: type[BaseModel] | None,
    description: str,
    *,
    status: int = 200,
    headers: Sequence[str] = (),
) -> Responses:
    """Documents a response that is not an error. Without a model it has no body."""
    documented: dict[str, Any] = {"description": description}
    if model is not None:
        documented["model"] = model
    if headers:
        documented["headers"] = dict.fromkeys(headers, _TEXT_HEADER)
    return {status: documented}


def documented_not_modified(*headers: str) -> Responses:
    """The 304 of a route that takes ``If-None-Match``."""
    return documented_response(
        None, "A tag in `If-None-Match` is still current", status=304, headers=["ETag", *headers]
    )


def _tiers(state: SaleState, *, left: int, sale_start: str | None = None) -> JsonObject:
    """``extra`` of the refusal of an order."""
    tier = {"tier_id": "general", "sale_state": state.value, "left": left}
    return {"tiers": [{**tier, "sale_start": sale_start, "sale_end": None}]}


_TEXT_HEADER: Final[JsonObject] = {"schema": {"type": "string"}}
_SECONDS_HEADER: Final[JsonObject] = {"schema": {"type": "integer"}}

_ERROR_HEADERS: Final[Mapping[int, JsonObject]] = {
    Unauthenticated.status: {"WWW-Authenticate": _TEXT_HEADER},
    RateLimited.status: {
        "Retry-After": _SECONDS_HEADER,
        "RateLimit": _TEXT_HEADER,
        "RateLimit-Policy": _TEXT_HEADER,
    },
    Unavailable.status: {"Retry-After": _SECONDS_HEADER},
}

_EXTRA_EXAMPLES: Final[Mapping[type[WizardError], JsonObject]] = {
    InvalidImage: {"reason": "too_many_pixels"},
    MediaQuotaExceeded: {"quota": {"limit": 500_000_000, "used": 499_900_000, "needed": 310_000}},
    SoldOut: _tiers(SaleState.ON_SALE, left=1),
    NotOnSale: _tiers(SaleState.SCHEDULED, left=20, sale_start="2031-04-01T10:00:00Z"),
    SalesPaused: _tiers(SaleState.PAUSED, left=20),
    OrderClosed: {
        "order": {
            "order_id": "6a3b4b0e-4b57-5c7f-9d6e-0d8a4a3f1c22",
            "event_id": "b1f6c7de-3e77-5a65-8f2a-7a1f5f0c9d10",
            "state": "paid",
            "items": [
                {
                    "tier_id": "general",
                    "name": "General",
                    "quantity": 2,
                    "unit_amount": 2500,
                    "amount": 5000,
                }
            ],
            "amount_total": 5000,
            "currency": "usd",
            "checkout_url": None,
            "expires_at": "2031-05-01T12:35:00Z",
            "paid_at": "2031-05-01T12:04:10Z",
        }
    },
}

AUTHENTICATED_ERRORS: Final = (Unauthenticated, Unavailable)
"""Errors of every route that needs a token."""

LIST_ERRORS: Final = (*AUTHENTICATED_ERRORS, InvalidRequest)

SESSION_ERRORS: Final = (*AUTHENTICATED_ERRORS, SessionNotFound, SessionLost)
"""Errors of every route of a session."""

CHANGE_ERRORS: Final = (
    *SESSION_ERRORS,
    InvalidRequest,
    PayloadTooLarge,
    SessionClosed,
    Publishing,
    IdempotencyKeyReused,
    RevisionConflict,
)
"""Errors of every route that changes a session."""


def documented_errors(*kinds: type[WizardError]) -> Responses:
    """Documents the errors of a route as problem documents, with an example of each."""
    ordered = sorted(kinds, key=lambda kind: (kind.status, kind.code))
    return {
        status: _problem(status, list(same_status))
        for status, same_status in groupby(ordered, key=lambda kind: kind.status)
    }


def _listed(texts: Sequence[str]) -> str:
    """As Markdown."""
    return texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts)


def _problem(status: int, kinds: Sequence[type[WizardError]]) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "description": _listed([f"`{kind.code}`: {kind.title}." for kind in kinds]),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {
                    kind.code: {"value": problem_of(kind(extra=_EXTRA_EXAMPLES.get(kind)))}
                    for kind in kinds
                },
            }
        },
    }
    if status in _ERROR_HEADERS:
        problem["headers"] = _ERROR_HEADERS[status]
    return problem
