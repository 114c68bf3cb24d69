"""Connecting and disconnecting the tenant's Stripe account."""

from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.deps import CurrentServices, RequestedChange, WantsMinimal
from api.responses import (
    CHANGE_ERRORS,
    SESSION_ERRORS,
    changed_response,
    documented_change,
    documented_errors,
    documented_response,
    json_response,
    replayed_header,
)
from api.routing import ApiRoute
from domain.errors import (
    ErrorCode,
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    PaymentsRefused,
    Publishing,
    RevisionConflict,
    SessionClosed,
)
from domain.schemas.fields import refused
from domain.values.urls import is_https_url

router = APIRouter(
    prefix="/v1/sessions/{session_id}/payments", tags=["payments"], route_class=ApiRoute
)

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _browser_url(url: str) -> str:
    """Requires https, or http on a loopback host. Only the user's browser requests the URL."""
    if is_https_url(url) or _is_loopback_url(url):
        return url
    raise refused(ErrorCode.INVALID_FORMAT, format="browser_url")


def _is_loopback_url(url: str) -> bool:
    scheme, _, rest = url.partition("://")
    as_https = f"https://{rest}"
    return scheme == "http" and is_https_url(as_https) and urlsplit(as_https).hostname in _LOOPBACK


BrowserUrl = Annotated[str, Field(max_length=2048), AfterValidator(_browser_url)]


class Connect(BaseModel):
    model_config = ConfigDict(extra="forbid")

    return_url: BrowserUrl = Field(
        description="Stripe redirects the person to this page after the onboarding, even if it "
        "is incomplete",
        examples=["https://app.example.com/wizard/payments"],
    )
    refresh_url: BrowserUrl = Field(
        description="Stripe redirects the person to this page if the link has expired or was "
        "already used. The page should request a new link",
        examples=["https://app.example.com/wizard/payments/again"],
    )


class Onboarding(BaseModel):
    """A single-use link to Stripe's onboarding, valid for a few minutes. When the person returns to
    `return_url`, the onboarding may be incomplete: `payments.status` of the session has the result.
    """

    account_id: str
    onboarding_url: str = Field(repr=False)
    expires_at: datetime


@router.post(
    "/connect",
    summary="Connect a Stripe account",
    response_model=None,
    responses={
        **documented_response(
            Onboarding,
            "The onboarding link. Redirect the person to it",
            headers=["Idempotent-Replayed"],
        ),
        **documented_errors(
            *SESSION_ERRORS,
            InvalidRequest,
            PayloadTooLarge,
            SessionClosed,
            Publishing,
            RevisionConflict,
            IdempotencyKeyReused,
            PaymentsRefused,
        ),
    },
)
async def connect_payments(
    change: RequestedChange, services: CurrentServices, body: Annotated[Connect, Body()]
) -> Response:
    """Creates the tenant's Stripe account, if there is none yet, and a link to its onboarding. The
    account is shared by all sessions of the tenant. Each request creates a new link."""
    connected = await services.sessions.connect(
        change, return_url=body.return_url, refresh_url=body.refresh_url
    )
    return json_response(
        Onboarding(
            account_id=connected.account_id,
            onboarding_url=connected.onboarding_url,
            expires_at=connected.expires_at,
        ),
        headers={"Cache-Control": "no-store", **replayed_header(connected.is_repeat)},
    )


@router.post(
    "/disconnect",
    summary="Disconnect the Stripe account",
    response_model=None,
    responses={
        **documented_change("The session, whose account is disconnected"),
        **documented_errors(*CHANGE_ERRORS),
    },
)
async def disconnect_payments(
    change: RequestedChange, services: CurrentServices, *, minimal: WantsMinimal
) -> Response:
    """Ends the use of the tenant's Stripe account in all its sessions, so that connecting again
    creates another one. All published events of the tenant stop selling tickets, and do not sell
    them with another account either. Orders that are open can still be paid. At Stripe, the account
    stays as it is. Without an account, the session is returned unchanged."""
    changed = await services.sessions.disconnect(change)
    return changed_response(changed, is_minimal=minimal)
