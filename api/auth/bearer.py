"""The bearer token of a request (RFC 6750), as FastAPI dependencies."""

from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.requests import HTTPConnection
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Scope

from api.auth.claims import Identity
from api.auth.verifier import TokenVerifier
from domain.actors import Actor
from domain.errors import Unauthenticated, Unavailable, WizardError
from observability.logs import note_actor

_VERIFIED: Final = "event_wizard.verified_token"
"""In the scope of a request: its token, and the identity or the refusal."""


class _Bearer(HTTPBearer):
    def __init__(self) -> None:
        super().__init__(
            auto_error=False,  # FastAPI's own response is not a problem document
            scheme_name="bearer",
            bearerFormat="JWT",
            description="An access token (JWT). In development, `make token USER=ada ORG=acme` "
            "prints one; in production, the identity provider in `JWT_ISSUER` issues it.",
        )


class _CurrentActor(_Bearer):
    """The security scheme is itself the dependency: FastAPI takes as long to resolve another one as
    the verification of a cached token takes."""

    async def __call__(self, request: HTTPConnection) -> Actor:  # type: ignore[override]
        """The verified caller.

        Raises:
            Unauthenticated: the bearer token is missing or invalid.
            Unavailable: the issuer's keys cannot be fetched.
        """
        identity = await identify(request.scope, _token_of(await super().__call__(request)))
        note_actor(identity.actor)
        request.app.state.members.note(identity)
        return identity.actor


async def token_verifier(request: Request) -> TokenVerifier:
    """The verifier of the application."""
    verifier: TokenVerifier = request.app.state.verifier
    return verifier


async def bearer_token(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_Bearer())],
) -> str:
    """
    Raises:
        Unauthenticated: the bearer token is missing.
    """
    return _token_of(credentials)


async def current_identity(
    request: Request, token: Annotated[str, Depends(bearer_token)]
) -> Identity:
    """The verified caller, with the name and the expiry of the token.

    Raises:
        Unauthenticated, Unavailable: as :data:`current_actor`.
    """
    return await identify(request.scope, token)


async def identify(scope: Scope, token: str) -> Identity:
    """Verifies the token of a request once, however many parts of the API ask for the caller.

    Raises:
        Unauthenticated, Unavailable: as :data:`current_actor`.
    """
    outcome: Identity | WizardError
    known, outcome = scope.get(_VERIFIED, (None, None))
    if known != token:
        outcome = await _outcome(scope["app"].state.verifier, token)
        scope[_VERIFIED] = (token, outcome)
    if isinstance(outcome, WizardError):
        raise outcome
    return outcome


async def _outcome(verifier: TokenVerifier, token: str) -> Identity | WizardError:
    try:
        return await verifier.identify(token)
    except (Unauthenticated, Unavailable) as refusal:
        return refusal


def _token_of(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise Unauthenticated("Send a bearer token: Authorization: Bearer <token>.")
    return credentials.credentials


current_actor: Final = _CurrentActor()

CurrentActor = Annotated[Actor, Depends(current_actor)]
CurrentIdentity = Annotated[Identity, Depends(current_identity)]
