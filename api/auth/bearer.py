"""The bearer token of a request (RFC 6750), as FastAPI dependencies."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.auth.verifier import TokenVerifier
from api.log_context import note_actor
from domain.actors import Actor
from domain.errors import Unauthenticated

_BEARER = HTTPBearer(
    auto_error=False,  # FastAPI's own answer is no problem document
    scheme_name="bearer",
    bearerFormat="JWT",
    description="An access token of a configured identity provider.",
)


async def token_verifier(request: Request) -> TokenVerifier:
    """The verifier that the application was started with."""
    verifier: TokenVerifier = request.app.state.verifier
    return verifier


async def bearer_token(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> str:
    """
    Raises:
        Unauthenticated: there is no bearer token.
    """
    if credentials is None:
        raise Unauthenticated("Send a bearer token: Authorization: Bearer <token>.")
    return credentials.credentials


async def current_actor(
    verifier: Annotated[TokenVerifier, Depends(token_verifier)],
    token: Annotated[str, Depends(bearer_token)],
) -> Actor:
    """The verified caller.

    Raises:
        Unauthenticated: there is no bearer token, or it does not hold.
        Unavailable: the issuer's keys are out of reach.
    """
    actor = await verifier.verify(token)
    note_actor(actor)
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]
