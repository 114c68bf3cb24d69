"""Every step of the sign-in with something wrong: each is refused, and yields no token."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.base_client import OAuthError

from dev.identity.clients import WEB_CLIENT_ID
from tests.unit.dev.identity.conftest import FRONT_END, REDIRECT_URI
from tests.unit.dev.identity.flow import VERIFIER, Flow
from tests.unit.dev.identity.identity_browser import Clock, answer_of


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/signed-in",
        f"{FRONT_END}/elsewhere",
        f"{FRONT_END}/signed-in/",
        f"{FRONT_END}/signed-in?next=/",
        f"{FRONT_END}.evil.example/signed-in",
        "http://localhost:5174/signed-in",
        "",
    ],
)
async def test_another_redirect_is_not_followed(flow: Flow, redirect_uri: str) -> None:
    answer = await flow.browser.open(flow.request(redirect_uri=redirect_uri))

    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "redirect_uri must be one of" in answer.text


async def test_an_unknown_client_is_not_redirected(flow: Flow) -> None:
    answer = await flow.browser.open(flow.request().replace(WEB_CLIENT_ID, "another"))

    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": ""}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"organization": "unknown"}, "invalid_request"),
        ({"audience": "another-api"}, "invalid_target"),
        ({"resource": "https://another.example"}, "invalid_target"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://evil.example"}, "request_uri_not_supported"),
    ],
)
async def test_a_wrong_request_returns_its_error_to_the_client(
    flow: Flow, changed: dict[str, str], error: str
) -> None:
    url = httpx.URL(flow.request()).copy_merge_params(changed)

    redirect = await flow.browser.open(str(url))

    assert redirect.headers["location"].startswith(f"{REDIRECT_URI}?")
    answer = answer_of(redirect)
    assert (answer["error"], answer["state"]) == (error, "state-1")
    assert "code" not in answer


@pytest.mark.parametrize(("name", "status"), [("client_id", 400), ("state", 303), ("scope", 303)])
async def test_a_parameter_sent_twice_is_refused(flow: Flow, name: str, status: int) -> None:
    answer = await flow.browser.open(f"{flow.request()}&{name}=again")

    assert answer.status_code == status
    if status == 303:
        assert answer_of(answer)["error"] == "invalid_request"


async def refused(flow: Flow, error: str, redirect: httpx.Response, **changed: str) -> None:
    with pytest.raises(OAuthError) as refusal:
        await flow.exchange(redirect, **changed)
    assert refusal.value.error == error


async def test_a_code_with_another_redirect_is_refused(flow: Flow) -> None:
    redirect = await flow.sign_in()

    await refused(flow, "invalid_grant", redirect, redirect_uri="http://127.0.0.1:8000/signed-in")


async def test_a_code_with_another_verifier_is_refused_and_spent(flow: Flow) -> None:
    redirect = await flow.sign_in()

    await refused(flow, "invalid_grant", redirect, code_verifier=VERIFIER[::-1])
    await refused(flow, "invalid_grant", redirect)


@pytest.mark.parametrize("missing", ["code", "code_verifier", "redirect_uri", "client_id"])
async def test_a_missing_parameter_of_a_code_is_refused(
    http: httpx.AsyncClient, flow: Flow, missing: str
) -> None:
    form = form_of(await flow.sign_in())
    del form[missing]

    answer = await http.post("/token", data=form)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert missing in answer.json()["error_description"]


def form_of(redirect: httpx.Response) -> dict[str, str]:
    """The form that exchanges the code of a redirect."""
    (code,) = parse_qs(urlsplit(redirect.headers["location"]).query)["code"]
    return {
        "grant_type": "authorization_code",
        "client_id": WEB_CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        "code": code,
    }


async def test_a_used_code_is_refused_and_its_tokens_are_revoked(flow: Flow) -> None:
    redirect = await flow.sign_in()
    tokens = await flow.exchange(redirect)

    await refused(flow, "invalid_grant", redirect)

    with pytest.raises(OAuthError, match="revoked"):
        await flow.refresh(tokens["refresh_token"])


async def test_a_code_is_valid_for_a_minute(flow: Flow, clock: Clock) -> None:
    in_time, too_late = await flow.sign_in(), await flow.sign_in(prompt="login")

    clock.advance(58)
    await flow.exchange(in_time)
    clock.advance(3)

    await refused(flow, "invalid_grant", too_late)


@pytest.mark.parametrize("code", ["nonsense", "💥", "a" * 5000])
async def test_an_unknown_code_is_refused(http: httpx.AsyncClient, flow: Flow, code: str) -> None:
    form = {**form_of(await flow.sign_in()), "code": code}

    answer = await http.post("/token", data=form)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_refresh_token_is_replaced_at_each_use(flow: Flow) -> None:
    first = await flow.tokens()
    second = await flow.refresh(first["refresh_token"])
    third = await flow.refresh(second["refresh_token"])

    tokens = [first["refresh_token"], second["refresh_token"], third["refresh_token"]]
    assert len(set(tokens)) == 3


async def test_a_reused_refresh_token_revokes_those_that_followed(flow: Flow) -> None:
    first = await flow.tokens()
    second = await flow.refresh(first["refresh_token"])

    with pytest.raises(OAuthError, match="used before"):
        await flow.refresh(first["refresh_token"])

    with pytest.raises(OAuthError, match="revoked"):
        await flow.refresh(second["refresh_token"])


async def test_an_expired_refresh_token_is_refused(flow: Flow, clock: Clock) -> None:
    tokens = await flow.tokens()

    clock.advance(14 * 24 * 60 * 60 + 1)

    with pytest.raises(OAuthError, match="expired"):
        await flow.refresh(tokens["refresh_token"])


async def test_a_refresh_token_ends_with_the_session(flow: Flow, clock: Clock) -> None:
    tokens = await flow.tokens()
    for _ in range(2):
        clock.advance(13 * 24 * 60 * 60)
        tokens = await flow.refresh(tokens["refresh_token"])

    clock.advance(5 * 24 * 60 * 60)

    with pytest.raises(OAuthError, match="expired"):
        await flow.refresh(tokens["refresh_token"])


async def test_a_wider_scope_is_refused_and_the_token_kept(
    http: httpx.AsyncClient, flow: Flow
) -> None:
    tokens = await flow.tokens(scope="openid offline_access")
    form = {
        "grant_type": "refresh_token",
        "client_id": WEB_CLIENT_ID,
        "refresh_token": tokens["refresh_token"],
    }

    wider = await http.post("/token", data={**form, "scope": "openid email"})
    narrower = await http.post("/token", data={**form, "scope": "openid"})

    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")
    assert (narrower.status_code, narrower.json()["scope"]) == (200, "openid")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "client_id": "another"}, 401, "invalid_client"),
        ({"grant_type": ["refresh_token", "password"]}, 400, "invalid_request"),
        ({f"parameter-{number}": "1" for number in range(60)}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "padding": "a" * 20_000}, 400, "invalid_request"),
    ],
)
async def test_a_wrong_token_request_has_an_error_of_oauth(
    http: httpx.AsyncClient, form: dict[str, Any], status: int, error: str
) -> None:
    answer = await http.post("/token", data=form or {"empty": ""})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_client_secret_in_a_header_is_refused(http: httpx.AsyncClient) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "a", "client_id": WEB_CLIENT_ID}

    answer = await http.post("/token", data=form, auth=(WEB_CLIENT_ID, "secret"))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "www-authenticate" in answer.headers


async def test_a_body_of_another_type_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/token", content=b"\xff\x00", headers={"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
