"""Accounts whose owners revoke the platform's access, and accounts that lose capabilities."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
import stripe

from tests.integration.dev.stripe_stand_in.receiver import Receiver
from tests.integration.dev.stripe_stand_in.resources.test_accounts import choose, create, link
from tests.support.stand_in import StandIn

Call = Callable[[stripe.StripeClient, str], Awaitable[object]]


def fetch(client: stripe.StripeClient, account: str) -> Awaitable[object]:
    return client.v2.core.accounts.retrieve_async(account)


def update(client: stripe.StripeClient, account: str) -> Awaitable[object]:
    return client.v2.core.accounts.update_async(account, {"display_name": "Ada"})


def read_products(client: stripe.StripeClient, account: str) -> Awaitable[object]:
    return client.v1.products.list_async({}, {"stripe_account": account})


def create_product(client: stripe.StripeClient, account: str) -> Awaitable[object]:
    return client.v1.products.create_async({"name": "P"}, {"stripe_account": account})


@pytest.mark.parametrize("call", [fetch, update, link, read_products, create_product])
async def test_a_disconnected_account_is_refused_everywhere(
    stand_in: StandIn, client: stripe.StripeClient, account: str, call: Call
) -> None:
    await stand_in.post(f"/accounts/{account}/disconnect")

    with pytest.raises(stripe.StripeError) as refused:
        await call(client, account)

    assert refused.value.http_status == 403
    assert refused.value.error
    assert refused.value.error.code == "account_invalid"


async def test_disconnecting_delivers_one_event_to_connect_endpoints(
    stand_in: StandIn, client: stripe.StripeClient, account: str, receiver: Receiver
) -> None:
    for connect, secret in ((False, "whsec_platform"), (True, "whsec_connect")):
        await stand_in.post("/webhooks", url=receiver.url, secret=secret, connect=connect)

    await stand_in.post(f"/accounts/{account}/disconnect")

    (received,) = await receiver.gets(1)
    event = client.construct_event(received.body, received.signature, "whsec_connect")
    assert (event.type, event.account) == ("account.application.deauthorized", account)
    assert event.data.object["object"] == "application"


async def test_an_account_can_be_disconnected_on_its_page(
    client: stripe.StripeClient, browser: httpx.AsyncClient
) -> None:
    account = await create(client)

    await choose(browser, await link(client, account), "disconnect")

    with pytest.raises(stripe.PermissionError):
        await client.v2.core.accounts.retrieve_async(account)
    assert account not in [one.id for one in (await client.v2.core.accounts.list_async()).data]


async def test_a_disconnected_account_cannot_change_its_state(
    stand_in: StandIn, account: str
) -> None:
    await stand_in.post(f"/accounts/{account}/disconnect")

    moved = await stand_in.control.post(f"/accounts/{account}", json={"state": "ready"})
    again = await stand_in.control.post(f"/accounts/{account}/disconnect")

    assert (moved.status_code, again.status_code) == (403, 403)


async def test_a_ready_account_loses_and_regains_cards_on_its_page(
    stand_in: StandIn,
    client: stripe.StripeClient,
    account: str,
    browser: httpx.AsyncClient,
    receiver: Receiver,
) -> None:
    await stand_in.post("/webhooks", url=receiver.url, secret="whsec_thin", payload="thin")
    for choice in ("needs_more", "complete"):
        await choose(browser, await link(client, account), choice)

    changes = await receiver.gets(4, "v2.core.account[configuration.merchant].capability_status")
    await receiver.gets(2, "v2.core.account[requirements].updated")
    assert {received.event["related_object"]["id"] for received in changes} == {account}
    ready = await client.v2.core.accounts.retrieve_async(
        account, {"include": ["configuration.merchant", "requirements"]}
    )
    merchant = ready.to_dict()["configuration"]["merchant"]
    assert merchant["capabilities"]["card_payments"]["status"] == "active"
    assert ready.requirements
    assert ready.requirements.entries == []
