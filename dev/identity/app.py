"""The identity provider as an application: OpenID Connect for front ends, and development tokens.

It signs in anyone, without a password, and so serves the loopback address alone.
"""

from http import HTTPStatus
from pathlib import PurePath
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response

from dev.identity import invitations, pages
from dev.identity.authorization import (
    PROMPTS,
    SCOPES,
    RefusedAuthorization,
    UntrustedRequest,
)
from dev.identity.browser import AUTHORIZE_PATH, LOGOUT_PATH, OfProvider, redirect_error, router
from dev.identity.clients import DEFAULT_TTL_SECONDS, JWKS_PATH
from dev.identity.issuer import ALGORITHM
from dev.identity.parameters import OAuthError, Parameters, form_of, is_form
from dev.identity.provider import GRANT_TYPES, Provider

TOKEN_PATH: Final = "/token"  # noqa: S105 (a path)
USER_INFO_PATH: Final = "/userinfo"

_NOT_STORED: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_HOSTS: Final = ["127.0.0.1", "localhost"]
"""Any other name is one that another site has pointed at this machine (DNS rebinding)."""


class TokenRequest(BaseModel):
    """The user that a development token is for."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=1, max_length=255)
    org: str | None = Field(default=None, min_length=1, max_length=255)
    email: str | None = Field(default=None, max_length=320)
    permissions: list[str] | None = Field(default=None, description="default: the provider's")
    ttl: int = Field(default=DEFAULT_TTL_SECONDS, description="seconds")


machine_router = APIRouter()


@machine_router.get(JWKS_PATH)
async def jwks(provider: OfProvider) -> dict[str, Any]:
    return provider.issuer.jwks()


@machine_router.get("/.well-known/openid-configuration")
async def openid_configuration(provider: OfProvider) -> dict[str, Any]:
    """OpenID Connect Discovery, section 3."""
    url = provider.issuer.url
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}{AUTHORIZE_PATH}",
        "token_endpoint": f"{url}{TOKEN_PATH}",
        "userinfo_endpoint": f"{url}{USER_INFO_PATH}",
        "end_session_endpoint": f"{url}{LOGOUT_PATH}",
        "jwks_uri": f"{url}{JWKS_PATH}",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANT_TYPES),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": list(PROMPTS),
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


@machine_router.post(TOKEN_PATH)
async def token(request: Request, provider: OfProvider) -> Response:
    """A form is an OAuth request; JSON asks for a development token for any user."""
    if not is_form(request) and "json" in request.headers.get("content-type", ""):
        return _development_token(provider, await request.body())
    if "authorization" in request.headers:
        raise OAuthError(
            "invalid_client", "the client is public: send client_id in the body", status=401
        )
    answer = provider.exchange(Parameters.parse(await form_of(request)))
    return JSONResponse(answer, headers=_NOT_STORED)


@machine_router.get(USER_INFO_PATH)
@machine_router.post(USER_INFO_PATH)
async def user_info(request: Request, provider: OfProvider) -> Response:
    """The claims about the person (OpenID Connect Core, section 5.3)."""
    scheme, _, access_token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return _unauthorized("Bearer")
    claims = provider.user_info(access_token)
    if claims is None:
        return _unauthorized('Bearer error="invalid_token"')
    return JSONResponse(claims, headers=_NOT_STORED)


@machine_router.get(f"{pages.STATIC_PATH}{{name}}")
async def static(name: str) -> Response:
    content = pages.static_files().get(name)
    if content is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    return Response(content, media_type=pages.MEDIA_TYPES[PurePath(name).suffix])


def create_app(provider: Provider) -> FastAPI:
    app = FastAPI(title="Development identity", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.provider = provider
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(provider.client.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS)
    app.include_router(router)
    app.include_router(invitations.router)
    app.include_router(machine_router)

    @app.exception_handler(UntrustedRequest)
    async def untrusted(_: Request, error: UntrustedRequest) -> Response:
        heading = "This link does not work."
        return pages.message_page(heading, str(error), HTTPStatus.BAD_REQUEST)

    @app.exception_handler(RefusedAuthorization)
    async def refused(_: Request, error: RefusedAuthorization) -> Response:
        return redirect_error(provider, error)

    @app.exception_handler(OAuthError)
    async def wrong(request: Request, error: OAuthError) -> Response:
        if request.url.path != TOKEN_PATH:
            text = f"{error.description}."
            return pages.message_page("This link does not work.", text, error.status)
        body = {"error": error.error, "error_description": error.description}
        challenge = {"WWW-Authenticate": "Basic"} if error.status == HTTPStatus.UNAUTHORIZED else {}
        return JSONResponse(body, error.status, {**_NOT_STORED, **challenge})

    return app


def _development_token(provider: Provider, body: bytes) -> Response:
    """
    Raises:
        RequestValidationError: the body is not a token request.
    """
    try:
        wanted = TokenRequest.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from None
    # Named as in RFC 6749, section 5.1.
    answer = {
        "access_token": provider.issuer.token(
            user=wanted.user,
            org=wanted.org,
            email=wanted.email,
            permissions=provider.permissions if wanted.permissions is None else wanted.permissions,
            ttl=wanted.ttl,
        ),
        "token_type": "Bearer",
        "expires_in": wanted.ttl,
    }
    return JSONResponse(answer, headers=_NOT_STORED)


def _unauthorized(challenge: str) -> Response:
    headers = {**_NOT_STORED, "WWW-Authenticate": challenge}
    return Response(status_code=HTTPStatus.UNAUTHORIZED, headers=headers)
