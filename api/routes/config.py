"""The configuration of front ends, which have none of their own: they ask for it at the start."""

from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.content import Content, content_response
from api.deps import ClientTags
from api.responses import documented_not_modified, documented_response
from api.routing import ApiRoute
from settings import ApiSettings

router = APIRouter(prefix="/v1", tags=["config"], route_class=ApiRoute)

CACHE_CONTROL: Final = "public, max-age=60"
"""A front end sees changed settings a minute after the API has restarted with them."""

REDIRECT_PATH: Final = "/signed-in"

_HEADERS: Final = ("ETag", "Cache-Control")


class ClientConfig(BaseModel):
    """How a front end signs people in, and what the deployment offers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "issuer": "https://issuer.example",
                    "client_id": "event-wizard-web",
                    "scope": "openid profile email offline_access",
                    "audience": "event-wizard",
                    "redirect_path": REDIRECT_PATH,
                    "assistant": "rules",
                    "assistant_model": None,
                    "test_mode": True,
                }
            ]
        }
    )

    issuer: str = Field(
        description="The OpenID provider. Its endpoints are in "
        "`{issuer}/.well-known/openid-configuration`"
    )
    client_id: str | None = Field(
        description="The front end's id at the provider, as a public client; null if no front end "
        "can sign in"
    )
    scope: str = Field(description="Send it with the authorization request")
    audience: str | None = Field(
        description="Send it with the authorization request as `audience`; null if the provider "
        "issues tokens without one"
    )
    redirect_path: str = Field(
        description="The path to which the provider returns, at the front end's own origin"
    )
    assistant: Literal["rules", "model"] = Field(
        description="Whether the assistant works by rules alone, or with a language model"
    )
    assistant_model: str | None = Field(
        description="The name of the language model at its provider; null by rules alone"
    )
    test_mode: bool = Field(description="Whether payments are made in Stripe's test mode")

    @classmethod
    def of(cls, settings: ApiSettings) -> "ClientConfig":
        issuer = settings.sign_in_issuer
        model = settings.model_options.model if settings.model_options else None
        return cls(
            issuer=issuer,
            client_id=settings.web_client_id,
            scope=settings.web_scope,
            audience=settings.issuer_audiences[issuer].audience,
            redirect_path=REDIRECT_PATH,
            assistant="model" if model else "rules",
            assistant_model=model.name if model else None,
            test_mode=not settings.stripe_livemode,
        )


@router.get(
    "/config",
    summary="Describe the deployment to a front end",
    response_model=None,
    responses={
        **documented_response(ClientConfig, "The configuration", headers=_HEADERS),
        **documented_not_modified("Cache-Control"),
    },
)
async def get_config(request: Request, _known: ClientTags) -> Response:
    """Needs no token, because a front end reads it before it signs people in. It contains no
    secrets: everything in it is also public at the identity provider."""
    config: ClientConfig = request.app.state.client_config
    body = config.model_dump_json().encode()
    return content_response(request, Content(body, cache_control=CACHE_CONTROL))
