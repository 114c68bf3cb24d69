"""Connecting the tenant's Stripe account."""

from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.deps import CurrentServices, RequestedChange
from api.responses import SESSION_ERRORS, documented_errors, documented_response, json_response
from domain.errors import (
    ErrorCode,
    InvalidRequest,
    PayloadTooLarge,
    PaymentsRefused,
    Publishing,
    SessionClosed,
)
from domain.schemas.fields import refused

router = APIRouter(prefix="/v1/sessions/{session_id}/payments", tags=["payments"])

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _browser_url(url: str) -> str:
    """Requires https, or http on a loopback host. Only the user's browser requests the URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise refused(ErrorCode.INVALID_FORMAT, format="browser_url") from None
    if not parts.hostname or "@" in parts.netloc:
        raise refused(ErrorCode.INVALID_FORMAT, format="browser_url")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise refused(ErrorCode.INVALID_FORMAT, format="browser_url")
    return url


BrowserUrl = Annotated[str, Field(max_length=2048), AfterValidator(_browser_url)]


class Connect(BaseModel):
    model_config = ConfigDict(extra="forbid")

    return_url: BrowserUrl = Field(examples=["https://app.example.com/wizard/payments"])
    refresh_url: BrowserUrl = Field(examples=["https://app.example.com/wizard/payments/again"])


class Onboarding(BaseModel):
    """The link works once, for some minutes. A return to `return_url` does not mean that the
    onboarding is complete."""

    account_id: str
    onboarding_url: str = Field(repr=False)
    expires_at: datetime


@router.post(
    "/connect",
    summary="A link to the onboarding of the tenant's Stripe account",
    response_model=None,
    responses={
        **documented_response(Onboarding, "Send the person there"),
        **documented_errors(
            *SESSION_ERRORS,
            InvalidRequest,
            PayloadTooLarge,
            SessionClosed,
            Publishing,
            PaymentsRefused,
        ),
    },
)
async def connect_payments(
    change: RequestedChange, services: CurrentServices, body: Annotated[Connect, Body()]
) -> Response:
    """A tenant has one account for all sessions. Every call makes a new link to it."""
    connected = await services.sessions.connect(
        change, return_url=body.return_url, refresh_url=body.refresh_url
    )
    return json_response(
        Onboarding(
            account_id=connected.account_id,
            onboarding_url=connected.onboarding_url,
            expires_at=connected.expires_at,
        ),
        headers={"Cache-Control": "no-store"},
    )
