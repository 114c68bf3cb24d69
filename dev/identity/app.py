"""The identity service: serves an issuer's documents, and issues tokens without authentication."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel, ConfigDict, Field

from dev.identity.issuer import ALGORITHM, DEFAULT_TTL_SECONDS, JWKS_PATH, Issuer


class TokenRequest(BaseModel):
    """The user that the token is for."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=1, max_length=255)
    org: str | None = Field(default=None, min_length=1, max_length=255)
    email: str | None = Field(default=None, max_length=320)
    ttl: int = Field(default=DEFAULT_TTL_SECONDS, description="seconds")


class TokenAnswer(BaseModel):
    """Named as in RFC 6749, section 5.1."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - a kind of token
    expires_in: int


def create_app(issuer: Issuer, allowed_origins: Sequence[str]) -> FastAPI:
    """``allowed_origins`` are the origins of front ends that may request tokens."""
    app = FastAPI(title="Development identity", docs_url=None, redoc_url=None)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type"],
    )

    @app.get(JWKS_PATH)
    def jwks() -> dict[str, Any]:
        return issuer.jwks()

    @app.get("/.well-known/openid-configuration")
    def openid_configuration() -> dict[str, Any]:
        return {
            "issuer": issuer.url,
            "jwks_uri": f"{issuer.url}{JWKS_PATH}",
            "token_endpoint": f"{issuer.url}/token",
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }

    @app.post("/token")
    def token(request: TokenRequest) -> TokenAnswer:
        return TokenAnswer(
            access_token=issuer.token(**request.model_dump()), expires_in=request.ttl
        )

    return app
