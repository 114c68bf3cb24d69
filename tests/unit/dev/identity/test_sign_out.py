"""Sign-out (OpenID Connect RP-Initiated Logout)."""

from urllib.parse import urlencode

import httpx
import pytest
from authlib.integrations.base_client import OAuthError

from dev.identity.clients import WEB_CLIENT_ID
from tests.unit.dev.identity.conftest import FRONT_END
from tests.unit.dev.identity.flow import Flow
from tests.unit.dev.identity.identity_browser import Clock, Page

SIGNED_OUT = f"{FRONT_END}/"


async def leave(flow: Flow, **parameters: str) -> httpx.Response:
    address = flow.discovery["end_session_endpoint"]
    return await flow.browser.open(f"{address}?{urlencode(parameters)}")


async def is_signed_in(flow: Flow) -> bool:
    return "code" in await flow.silently()


async def test_sign_out_ends_session_and_refresh_token(flow: Flow) -> None:
    tokens = await flow.tokens()

    answer = await leave(
        flow,
        id_token_hint=tokens["id_token"],
        post_logout_redirect_uri=SIGNED_OUT,
        state="state-2",
    )

    assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGNED_OUT}?state=state-2")
    assert not await is_signed_in(flow)
    with pytest.raises(OAuthError, match="revoked"):
        await flow.refresh(tokens["refresh_token"])


async def test_an_expired_id_token_still_signs_out(flow: Flow, clock: Clock) -> None:
    tokens = await flow.tokens()
    clock.advance(24 * 60 * 60)

    answer = await leave(flow, id_token_hint=tokens["id_token"])

    assert "Signed out" in answer.text
    assert not await is_signed_in(flow)


async def test_sign_out_without_an_id_token_asks_first(flow: Flow) -> None:
    await flow.tokens()

    asked = await leave(flow, client_id=WEB_CLIENT_ID, post_logout_redirect_uri=SIGNED_OUT)

    assert asked.status_code == 200
    assert "Ada Lindqvist" in asked.text
    assert await is_signed_in(flow)
    answer = await flow.browser.press(asked, "Sign out")
    assert (answer.status_code, answer.headers["location"]) == (303, SIGNED_OUT)
    assert not await is_signed_in(flow)


async def test_the_id_token_of_another_session_asks_first(flow: Flow) -> None:
    earlier = await flow.tokens("Noor Rahimi Studio Halm")
    await flow.tokens("Ada Lindqvist Acme", prompt="select_account")

    asked = await leave(flow, id_token_hint=earlier["id_token"])

    assert Page(asked.text).labels == ["Sign out"]
    assert await is_signed_in(flow)


async def test_another_person_ends_the_session_before(flow: Flow) -> None:
    tokens = await flow.tokens("Noor Rahimi Studio Halm")

    await flow.tokens("Ada Lindqvist Acme", prompt="select_account")

    with pytest.raises(OAuthError, match="revoked"):
        await flow.refresh(tokens["refresh_token"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"post_logout_redirect_uri": "https://evil.example/"},
        {"post_logout_redirect_uri": f"{FRONT_END}/elsewhere"},
        {"id_token_hint": "nonsense"},
        {"client_id": "another"},
    ],
)
async def test_a_wrong_sign_out_keeps_the_session(flow: Flow, wrong: dict[str, str]) -> None:
    tokens = await flow.tokens()

    answer = await leave(flow, **{"id_token_hint": tokens["id_token"], **wrong})

    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert await is_signed_in(flow)


async def test_sign_out_without_a_session_returns_to_the_client(flow: Flow) -> None:
    answer = await leave(flow, client_id=WEB_CLIENT_ID, post_logout_redirect_uri=SIGNED_OUT)

    assert (answer.status_code, answer.headers["location"]) == (303, SIGNED_OUT)


async def test_a_form_of_another_site_signs_nobody_out(flow: Flow) -> None:
    await flow.tokens()

    answer = await flow.browser.http.post(
        "/sign-out", data={"request": ""}, headers={"Origin": "http://evil.example"}
    )

    assert answer.status_code == 400
    assert await is_signed_in(flow)
