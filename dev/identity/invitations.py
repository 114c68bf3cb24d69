"""Invitations: links of the stack that sign a browser in once, without the page.

A link without an invitation, as other sites could make it, or with a spent one shows the page.
Other sites cannot read an invitation (CORS).
"""

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from dev.identity.browser import OfProvider
from dev.identity.clients import INVITATIONS_PATH

router = APIRouter()


class InvitationRequest(BaseModel):
    """Who is invited, and the organization that the token is for."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=1, max_length=255)
    org: str | None = Field(default=None, min_length=1, max_length=255)


class Invitation(BaseModel):
    invitation: str


@router.post(INVITATIONS_PATH, status_code=HTTPStatus.CREATED)
async def invite(body: InvitationRequest, provider: OfProvider) -> Invitation:
    invitation = provider.invite(body.user, body.org)
    if invitation is None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "no such person or organization")
    return Invitation(invitation=invitation)
