"""Sign-in by the link of the stack, without the page."""

from typing import Any

import httpx
import pytest

from dev.identity.issuer import Issuer
from tests.unit.dev.identity.flow import Flow
from tests.unit.dev.identity.identity_browser import Clock, Page, answer_of
from tests.unit.dev.identity.test_sign_in import access_claims

DAY_SECONDS = 24 * 60 * 60


async def invitation(http: httpx.AsyncClient, user: str = "ada", org: str | None = "acme") -> str:
    response = await http.post("/invitations", json={"user": user, "org": org})
    assert response.status_code == 201, response.text
    return str(response.json()["invitation"])


async def test_an_invitation_signs_in_without_the_page(
    flow: Flow, http: httpx.AsyncClient, issuer: Issuer
) -> None:
    invited = await invitation(http)

    redirect = await flow.browser.open(flow.request(invitation=invited, login_hint="ada"))
    claims = access_claims(issuer, await flow.exchange(redirect))

    assert (claims["sub"], claims["org_id"]) == ("ada", "acme")


async def test_a_spent_invitation_shows_the_page(flow: Flow, http: httpx.AsyncClient) -> None:
    invited = await invitation(http)
    await flow.browser.open(flow.request(invitation=invited))
    http.cookies.clear()

    shown = await flow.browser.open(flow.request(invitation=invited, login_hint="ada"))

    assert "Ada Lindqvist Acme" in Page(shown.text).labels


async def test_a_signed_in_browser_may_follow_the_link_again(
    flow: Flow, http: httpx.AsyncClient
) -> None:
    link = flow.request(invitation=await invitation(http), login_hint="ada")
    await flow.browser.open(link)

    assert "code" in answer_of(await flow.browser.open(link))


async def test_an_invitation_ends_the_session_of_another_person(
    flow: Flow, http: httpx.AsyncClient, issuer: Issuer
) -> None:
    await flow.tokens("Noor Rahimi Studio Halm")

    invited = await invitation(http)
    redirect = await flow.browser.open(flow.request(invitation=invited, login_hint="ada"))

    assert access_claims(issuer, await flow.exchange(redirect))["sub"] == "ada"
    assert (await flow.silently(login_hint="noor"))["error"] == "login_required"


@pytest.mark.parametrize("wanted", [{"prompt": "login"}, {"invitation": "unknown"}])
async def test_the_page_is_shown_if_it_is_wanted_or_the_invitation_unknown(
    flow: Flow, http: httpx.AsyncClient, wanted: dict[str, str]
) -> None:
    parameters = {"invitation": await invitation(http), **wanted}

    assert (await flow.browser.open(flow.request(**parameters))).status_code == 200


async def test_an_invitation_is_valid_for_a_day(
    flow: Flow, http: httpx.AsyncClient, clock: Clock
) -> None:
    invited = await invitation(http)
    clock.advance(DAY_SECONDS + 1)

    assert (await flow.browser.open(flow.request(invitation=invited))).status_code == 200


async def test_a_silent_request_does_not_spend_an_invitation(
    flow: Flow, http: httpx.AsyncClient
) -> None:
    invited = await invitation(http)

    assert (await flow.silently(invitation=invited))["error"] == "login_required"
    assert "code" in answer_of(await flow.browser.open(flow.request(invitation=invited)))


@pytest.mark.parametrize(
    "body", [{"user": "unknown"}, {"user": "noor", "org": "acme"}, {"user": ""}, {}]
)
async def test_only_members_are_invited(http: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await http.post("/invitations", json=body)).status_code == 422
