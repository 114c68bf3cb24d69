"""Accounts v2 and their onboarding, with the SDK and in a browser."""

import re

import httpx
import pytest
import stripe
from stripe.v2.core import Account

from tests.support.stand_in import StandIn

RETURN = "http://127.0.0.1/back"
REFRESH = "http://127.0.0.1/again"


async def create(client: stripe.StripeClient) -> str:
    account = await client.v2.core.accounts.create_async(
        {
            "display_name": "Ada's shows",
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            "identity": {"country": "us"},
            "defaults": {
                "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
            },
            "metadata": {"tenant": "acme"},
        }
    )
    return account.id


async def retrieve(client: stripe.StripeClient, account: str) -> Account:
    return await client.v2.core.accounts.retrieve_async(
        account, {"include": ["configuration.merchant", "requirements"]}
    )


def card_payments(account: Account) -> str:
    assert account.configuration
    assert account.configuration.merchant
    assert account.configuration.merchant.capabilities
    assert account.configuration.merchant.capabilities.card_payments
    return account.configuration.merchant.capabilities.card_payments.status


def due(account: Account) -> list[str]:
    assert account.requirements
    return [entry.description for entry in account.requirements.entries or []]


async def link(client: stripe.StripeClient, account: str) -> str:
    created = await client.v2.core.account_links.create_async(
        {
            "account": account,
            "use_case": {
                "type": "account_onboarding",
                "account_onboarding": {"return_url": RETURN, "refresh_url": REFRESH},
            },
        }
    )
    return created.url


async def choose(browser: httpx.AsyncClient, url: str, choice: str) -> httpx.Response:
    page = await browser.get(url)
    visit = re.search(r'name="visit" value="([^"]+)"', page.text)
    assert visit
    return await browser.post(url, data={"visit": visit[1], "choice": choice})


async def test_parts_are_included_on_request_only(client: stripe.StripeClient) -> None:
    account = await client.v2.core.accounts.retrieve_async(await create(client))

    assert account.configuration is None
    assert account.requirements is None
    assert account.identity is None
    assert account.applied_configurations == ["merchant"]
    assert account.metadata
    assert account.metadata["tenant"] == "acme"


async def test_a_new_account_is_restricted_and_has_requirements(
    client: stripe.StripeClient,
) -> None:
    account = await retrieve(client, await create(client))

    assert card_payments(account) == "restricted"
    assert "identity.entity_type" in due(account)
    assert account.requirements
    (first, *_) = account.requirements.entries or []
    assert first.requested_reasons[0].code == "routine_onboarding"
    assert first.impact.restricts_capabilities
    assert first.impact.restricts_capabilities[0].capability == "card_payments"


async def test_an_update_keeps_other_parts(client: stripe.StripeClient) -> None:
    account = await create(client)

    changed = await client.v2.core.accounts.update_async(
        account, {"defaults": {"currency": "eur"}, "include": ["defaults", "identity"]}
    )

    assert changed.defaults
    assert changed.identity
    assert changed.defaults.currency == "eur"
    assert changed.defaults.responsibilities.losses_collector == "stripe"
    assert changed.identity.country == "us"


async def test_a_capability_without_a_request_changes_nothing(
    client: stripe.StripeClient,
) -> None:
    account = await create(client)

    await client.v2.core.accounts.update_async(
        account, {"configuration": {"merchant": {"capabilities": {"card_payments": {}}}}}
    )

    assert card_payments(await retrieve(client, account)) == "restricted"


async def test_completing_the_page_makes_the_account_ready(
    client: stripe.StripeClient, browser: httpx.AsyncClient
) -> None:
    account = await create(client)

    back = await choose(browser, await link(client, account), "complete")

    assert (back.status_code, back.headers["location"]) == (303, RETURN)
    ready = await retrieve(client, account)
    assert card_payments(ready) == "active"
    assert due(ready) == []


async def test_the_page_can_end_with_more_to_be_provided(
    client: stripe.StripeClient, browser: httpx.AsyncClient
) -> None:
    account = await create(client)

    await choose(browser, await link(client, account), "needs_more")

    restricted = await retrieve(client, account)
    assert card_payments(restricted) == "restricted"
    assert restricted.requirements
    (entry,) = restricted.requirements.entries or []
    assert entry.errors[0].code == "verification_document_not_readable"
    assert entry.requested_reasons[0].code == "routine_verification"


async def test_leaving_the_page_changes_nothing(
    client: stripe.StripeClient, browser: httpx.AsyncClient
) -> None:
    account = await create(client)
    before = due(await retrieve(client, account))

    back = await choose(browser, await link(client, account), "leave")

    assert back.headers["location"] == RETURN
    assert due(await retrieve(client, account)) == before


async def test_a_link_is_opened_once(
    client: stripe.StripeClient, browser: httpx.AsyncClient
) -> None:
    url = await link(client, await create(client))
    assert (await browser.get(url)).status_code == 200

    again = await browser.get(url)

    assert (again.status_code, again.headers["location"]) == (303, REFRESH)


async def test_a_form_is_submitted_once(
    client: stripe.StripeClient, browser: httpx.AsyncClient
) -> None:
    url = await link(client, await create(client))
    await choose(browser, url, "complete")

    again = await browser.post(url, data={"visit": "", "choice": "complete"})

    assert again.headers["location"] == REFRESH


async def test_an_expired_link_leads_to_a_new_one(
    stand_in: StandIn, client: stripe.StripeClient, browser: httpx.AsyncClient
) -> None:
    url = await link(client, await create(client))
    await stand_in.post("/account_links/expire")

    assert (await browser.get(url)).headers["location"] == REFRESH


@pytest.mark.parametrize(
    ("state", "cards", "payouts"),
    [
        ("pending", "pending", "pending"),
        ("ready", "active", "active"),
        ("restricted", "restricted", "restricted"),
        ("payouts_disabled", "active", "restricted"),
    ],
)
async def test_an_account_can_be_put_into_any_state(
    stand_in: StandIn, client: stripe.StripeClient, state: str, cards: str, payouts: str
) -> None:
    account = await create(client)

    await stand_in.move(account, state)

    retrieved = await retrieve(client, account)
    assert card_payments(retrieved) == cards
    assert (
        retrieved.to_dict()["configuration"]["merchant"]["capabilities"]["stripe_balance"][
            "payouts"
        ]["status"]
        == payouts
    )


async def test_requirements_can_be_chosen(stand_in: StandIn, client: stripe.StripeClient) -> None:
    account = await create(client)

    await stand_in.move(account, "restricted", requirements=["identity.individual.phone"])

    assert due(await retrieve(client, account)) == ["identity.individual.phone"]


async def test_an_unknown_account_is_not_found(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v2.core.accounts.retrieve_async("acct_nobody")

    assert refused.value.http_status == 404


async def test_accounts_come_in_pages(client: stripe.StripeClient) -> None:
    created = [await create(client) for _ in range(3)]

    first = await client.v2.core.accounts.list_async({"limit": 2})

    assert [account.id async for account in first.auto_paging_iter()] == created[::-1]
