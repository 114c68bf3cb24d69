"""Invitations: links of the stack that sign a browser in once, without the page.

A link without an invitation, as other sites could make it, or with a spent one shows the page.
Other sites cannot read an invitation (CORS).
"""

from http import HTTPStatus
from typing import Final

import httpx
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from dev.identity.browser import OfProvider

PATH: Final = "/invitations"
TIMEOUT_SECONDS: Final = 5.0

router = APIRouter()


class InvitationRequest(BaseModel):
    """Who is invited, and the organization that the token is for."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=1, max_length=255)
    org: str | None = Field(default=None, min_length=1, max_length=255)


class Invitation(BaseModel):
    invitation: str


@router.post(PATH, status_code=HTTPStatus.CREATED)
async def invite(body: InvitationRequest, provider: OfProvider) -> Invitation:
    invitation = provider.invite(body.user, body.org)
    if invitation is None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "no such person or organization")
    return Invitation(invitation=invitation)


def request_invitation(identity_url: str, user: str, org: str) -> str | None:
    """A new invitation of a running identity provider; None if it gives none."""
    try:
        response = httpx.post(
            f"{identity_url}{PATH}", json={"user": user, "org": org}, timeout=TIMEOUT_SECONDS
        )
    except httpx.HTTPError:
        return None
    if response.status_code != HTTPStatus.CREATED:
        return None
    return Invitation.model_validate_json(response.content).invitation
