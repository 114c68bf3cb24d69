"""Sign-in by the authorization code flow with PKCE, with Authlib as the client."""

from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from authlib.oauth2.rfc6749.errors import MismatchingStateException
from pydantic import SecretStr

from api.auth import TokenVerifier
from dev.identity.clients import web_client
from dev.identity.issuer import Issuer
from dev.identity.provider import Provider
from dev.identity.store import IdentityStore
from domain.errors import Unauthenticated
from settings import ApiSettings
from tests.support.api import ID_SECRET
from tests.unit.dev.identity.conftest import FRONT_END, REDIRECT_URI, SCOPE, URL
from tests.unit.dev.identity.flow import NONCE, Flow
from tests.unit.dev.identity.identity_browser import Clock, Page, answer_of


def access_claims(issuer: Issuer, tokens: dict[str, Any]) -> dict[str, Any]:
    key = jwt.PyJWKSet.from_dict(issuer.jwks()).keys[0].key
    claims: dict[str, Any] = jwt.decode(
        tokens["access_token"], key, algorithms=["RS256"], audience="event-wizard", issuer=URL
    )
    return claims


async def test_a_person_signs_in_by_the_code_flow(flow: Flow, issuer: Issuer) -> None:
    tokens = await flow.tokens()

    claims = access_claims(issuer, tokens)
    assert (claims["sub"], claims["org_id"]) == ("ada", "studio-halm")
    assert (claims["name"], claims["email"]) == ("Ada Lindqvist", "ada@acme.example")
    assert tokens["expires_in"] == claims["exp"] - claims["iat"] == 15 * 60
    assert tokens["token_type"] == "Bearer"
    assert set(tokens["scope"].split()) == set(SCOPE.split())
    identity = await flow.id_claims(tokens, nonce=NONCE)
    assert (identity["sub"], identity["name"]) == ("ada", "Ada Lindqvist")


async def test_the_redirect_names_state_and_issuer(flow: Flow) -> None:
    redirect = await flow.sign_in()

    assert redirect.headers["location"].startswith(f"{REDIRECT_URI}?")
    answer = answer_of(redirect)
    assert (answer["state"], answer["iss"]) == ("state-1", URL)


async def test_three_people_and_a_new_one_are_offered(flow: Flow) -> None:
    page = Page((await flow.browser.open(flow.request())).text)

    assert page.labels == [
        "Ada Lindqvist Studio Halm",
        "Ada Lindqvist Acme",
        "Noor Rahimi Studio Halm",
        "Tomás Vidal no organization",
        "Sign in",
        "Back without signing in",
    ]


async def test_a_person_without_an_organization_has_a_personal_token(
    flow: Flow, issuer: Issuer
) -> None:
    claims = access_claims(issuer, await flow.tokens("Tomás Vidal no organization"))

    assert claims["sub"] == "tomas"
    assert "org_id" not in claims


async def test_a_new_person_is_known_by_email_the_next_time(flow: Flow, issuer: Issuer) -> None:
    async def sign_in(name: str, email: str) -> dict[str, Any]:
        shown = await flow.browser.open(flow.request(prompt="select_account"))
        redirect = await flow.browser.press(shown, "Sign in", name=name, email=email)
        return access_claims(issuer, await flow.exchange(redirect))

    first = await sign_in("Ilse Öhm", "ilse@example.com")
    again = await sign_in("Ilse", "Ilse@example.com")

    assert (first["name"], first["email"]) == ("Ilse Öhm", "ilse@example.com")
    assert again["sub"] == first["sub"]
    shown = await flow.browser.open(flow.request(prompt="select_account"))
    assert "Ilse Öhm no organization" in Page(shown.text).labels


@pytest.mark.parametrize(
    ("name", "email", "error"),
    [
        ("", "ilse@example.com", "Enter a name."),
        ("I" * 121, "ilse@example.com", "Name must be at most 120 characters."),
        ("Ilse", "", "Enter an email address."),
        ("Ilse", "ilse@example", "Enter an email address such as name@example.com."),
    ],
)
async def test_a_wrong_field_of_a_new_person_is_explained(
    flow: Flow, name: str, email: str, error: str
) -> None:
    shown = await flow.browser.open(flow.request())

    again = await flow.browser.press(shown, "Sign in", name=name, email=email)

    assert again.status_code == 422
    assert error in again.text
    fields = next(form.fields for form in Page(again.text).forms if "name" in form.fields)
    assert (fields["name"], fields["email"]) == (name, email)


async def test_markup_in_parameters_and_fields_is_escaped(flow: Flow) -> None:
    markup = '"><script>alert(1)</script>'

    shown = await flow.browser.open(flow.request(nonce=markup))
    again = await flow.browser.press(shown, "Sign in", name="", email=markup)

    assert "<script" not in shown.text + again.text


async def test_cancelling_returns_to_the_client_with_an_error(flow: Flow) -> None:
    answer = answer_of(await flow.sign_in("Back without signing in"))

    assert (answer["error"], answer["state"]) == ("access_denied", "state-1")


async def test_the_organization_parameter_chooses_the_tenant(flow: Flow, issuer: Issuer) -> None:
    shown = await flow.browser.open(flow.request(organization="acme"))
    assert Page(shown.text).labels == ["Ada Lindqvist Acme", "Back without signing in"]

    tokens = await flow.exchange(await flow.browser.press(shown, "Ada Lindqvist Acme"))

    assert access_claims(issuer, tokens)["org_id"] == "acme"


@pytest.mark.parametrize("hint", ["noor", "noor@studio-halm.example"])
async def test_a_login_hint_offers_that_person(flow: Flow, hint: str) -> None:
    shown = await flow.browser.open(flow.request(login_hint=hint))

    assert [label for label in Page(shown.text).labels if "Halm" in label] == [
        "Noor Rahimi Studio Halm"
    ]


async def test_a_login_hint_of_another_person_shows_the_page(flow: Flow) -> None:
    await flow.tokens("Ada Lindqvist Acme")

    assert "code" in await flow.silently(login_hint="ada@acme.example")
    assert (await flow.silently(login_hint="noor"))["error"] == "login_required"
    assert (await flow.browser.open(flow.request(login_hint="noor"))).status_code == 200


async def test_an_unknown_login_hint_offers_everyone(flow: Flow) -> None:
    shown = await flow.browser.open(flow.request(login_hint="unknown@example.com"))

    assert "Ada Lindqvist Acme" in Page(shown.text).labels


async def test_a_member_switches_the_organization_without_a_page(
    flow: Flow, issuer: Issuer
) -> None:
    first = await flow.tokens("Ada Lindqvist Studio Halm")
    identity = await flow.id_claims(first, nonce=NONCE)
    assert [member["id"] for member in identity["organizations"]] == ["studio-halm", "acme"]

    redirect = await flow.browser.open(flow.request(prompt="none", organization="acme"))
    second = await flow.exchange(redirect)

    assert access_claims(issuer, second)["org_id"] == "acme"
    renewed = await flow.refresh(first["refresh_token"])
    assert access_claims(issuer, renewed)["org_id"] == "studio-halm"


async def test_a_person_is_not_switched_to_an_organization_of_others(flow: Flow) -> None:
    await flow.tokens("Noor Rahimi Studio Halm")

    assert (await flow.silently(organization="acme"))["error"] == "interaction_required"


async def test_a_silent_request_needs_a_session(flow: Flow) -> None:
    answer = await flow.silently()

    assert (answer["error"], answer["state"]) == ("login_required", "state-1")


@pytest.mark.parametrize("prompt", ["login", "select_account", "consent"])
async def test_a_prompt_shows_the_page_to_a_signed_in_person(flow: Flow, prompt: str) -> None:
    await flow.tokens()

    assert (await flow.browser.open(flow.request())).status_code == 303
    assert (await flow.browser.open(flow.request(prompt=prompt))).status_code == 200


async def test_a_session_older_than_max_age_is_asked_again(flow: Flow, clock: Clock) -> None:
    await flow.tokens()
    clock.advance(61)

    assert "code" in await flow.silently(max_age="120")
    assert (await flow.silently(max_age="60"))["error"] == "login_required"


async def test_a_session_and_its_refresh_token_outlast_a_restart(
    flow: Flow, issuer: Issuer, tmp_path: Path
) -> None:
    tokens = await flow.tokens()
    client = web_client([FRONT_END])

    restarted = Provider(issuer, client, IdentityStore(tmp_path))
    flow.browser.http._transport.app.state.provider = restarted  # type: ignore[attr-defined]  # of ASGITransport

    assert "code" in await flow.silently()
    assert (await flow.refresh(tokens["refresh_token"]))["access_token"]


async def test_user_info_has_the_claims_of_the_scopes(flow: Flow) -> None:
    tokens = await flow.tokens(scope="openid email")

    answer = await flow.browser.http.get(
        "/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )

    assert answer.json() == {
        "sub": "ada",
        "email": "ada@acme.example",
        "email_verified": True,
        "org_id": "studio-halm",
        "org_name": "Studio Halm",
    }
    assert "refresh_token" not in tokens


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Basic YWRhOg=="])
async def test_user_info_without_a_valid_token_is_401(
    http: httpx.AsyncClient, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization else {}

    answer = await http.get("/userinfo", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_an_id_token_is_no_access_token(flow: Flow) -> None:
    tokens = await flow.tokens()

    answer = await flow.browser.http.get(
        "/userinfo", headers={"Authorization": f"Bearer {tokens['id_token']}"}
    )

    assert answer.status_code == 401


async def test_the_api_accepts_the_access_token_alone(flow: Flow) -> None:
    settings = ApiSettings(
        database_api_url=SecretStr("postgresql:///none"),
        id_secret=SecretStr(ID_SECRET),
        jwt_issuer=(URL,),
        jwt_audience=("event-wizard",),
        jwt_jwks_url=(f"{URL}/.well-known/jwks.json",),
    )
    verifier = TokenVerifier.from_settings(settings, flow.browser.http)
    for_studio_halm = await flow.tokens()
    for_acme = await flow.exchange(
        await flow.browser.open(flow.request(prompt="none", organization="acme"))
    )

    actors = [
        (await verifier.identify(tokens["access_token"])).actor
        for tokens in (for_studio_halm, for_acme)
    ]

    assert [actor.tenant.id for actor in actors] == ["studio-halm", "acme"]
    assert {actor.user_id for actor in actors} == {"ada"}
    with pytest.raises(Unauthenticated, match="another audience"):
        await verifier.identify(for_acme["id_token"])


async def test_the_library_refuses_another_state(flow: Flow) -> None:
    redirect = await flow.sign_in()

    with pytest.raises(MismatchingStateException):
        await flow.exchange(redirect, state="state-2")


async def test_the_page_runs_no_script_and_posts_to_the_client_alone(flow: Flow) -> None:
    shown = await flow.browser.open(flow.request())

    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert f"form-action 'self' {FRONT_END};" in policy
    assert "frame-ancestors 'none'" in policy
    assert shown.headers["cache-control"] == "no-store"


async def test_a_form_of_another_site_signs_nobody_in(flow: Flow) -> None:
    data = {"request": flow.request().partition("?")[2], "choice": "ada/acme"}

    answer = await flow.browser.http.post(
        "/sign-in", data=data, headers={"Origin": "http://evil.example"}
    )

    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


async def test_a_person_of_the_page_cannot_choose_another_organization(flow: Flow) -> None:
    data = {"request": flow.request().partition("?")[2], "choice": "noor/acme"}

    answer = await flow.browser.http.post("/sign-in", data=data)

    assert answer.status_code == 400


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(flow: Flow) -> None:
    cookie = (await flow.sign_in()).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_another_host_name_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/token", json={"user": "ada"}, headers={"Host": "rebound.example:8100"}
    )

    assert answer.status_code == 400
