"""``GET /v1/config``: what a front end needs before anyone has signed in."""

from typing import Any

import httpx
import pytest

from api.app import create_app
from settings import ApiSettings
from tests.support.api import AUDIENCE, ID_SECRET, SECRET

ISSUER = "https://issuer.example"


async def config(**changed: Any) -> httpx.Response:
    """The response of an API that reaches neither Postgres nor Temporal."""
    settings = ApiSettings(
        **{
            "database_api_url": "postgresql://wizard_api@127.0.0.1:1/none",
            "jwt_issuer": (ISSUER,),
            "jwt_audience": (AUDIENCE,),
            "jwt_secret": SECRET,
            "id_secret": ID_SECRET,
            "web_client_id": "web",
            **changed,
        }
    )
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as http:
        return await http.get("/v1/config")


async def test_config_describes_the_sign_in() -> None:
    assert (await config()).json() == {
        "issuer": ISSUER,
        "client_id": "web",
        "scope": "openid profile email offline_access",
        "audience": AUDIENCE,
        "redirect_path": "/signed-in",
        "assistant": "rules",
        "assistant_model": None,
        "test_mode": True,
    }


async def test_config_can_be_cached_and_revalidated() -> None:
    response = await config()

    assert response.headers["cache-control"].startswith("public")
    assert response.headers["etag"]


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"web_client_id": None}, {"client_id": None}),
        ({"stripe_livemode": True}, {"test_mode": False}),
        (
            {"copilot_model": "openai:gpt-5", "openai_api_key": "sk-hunter2"},
            {"assistant": "model", "assistant_model": "gpt-5"},
        ),
        ({"web_scope": "openid"}, {"scope": "openid"}),
        ({"jwt_audience": ("azp:web",)}, {"audience": None}),
        (
            {
                "jwt_issuer": (ISSUER, "https://second.example"),
                "jwt_audience": ("first", "second"),
                "web_issuer": "https://second.example",
            },
            {"issuer": "https://second.example", "audience": "second"},
        ),
    ],
)
async def test_config_follows_the_settings(
    changed: dict[str, Any], shown: dict[str, object]
) -> None:
    assert (await config(**changed)).json().items() >= shown.items()
