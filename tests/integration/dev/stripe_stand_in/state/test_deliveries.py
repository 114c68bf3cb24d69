"""Deliveries that are held back, delayed, doubled, shuffled, or of the other mode."""

import time
from typing import Any

import pytest
import stripe

from tests.integration.dev.stripe_stand_in.receiver import Receiver
from tests.support.stand_in import StandIn

SECRET = "whsec_secret"


@pytest.fixture
async def listening(stand_in: StandIn, receiver: Receiver) -> Receiver:
    await stand_in.post("/webhooks", url=receiver.url, secret=SECRET)
    return receiver


async def create(client: stripe.StripeClient, *names: str) -> None:
    for name in names:
        await client.v1.products.create_async({"id": name, "name": name})


def products(received: list[Any]) -> list[str]:
    return [item.event["data"]["object"]["id"] for item in received]


async def test_held_deliveries_wait_until_they_are_released(
    stand_in: StandIn, client: stripe.StripeClient, listening: Receiver
) -> None:
    await stand_in.post("/deliveries/mode", held=True, events="product.")
    await create(client, "a", "b", "c")
    assert {item["attempts"] for item in await stand_in.get("/deliveries")} == {0}

    await stand_in.post("/deliveries/mode", shuffled=True)

    assert sorted(products(await listening.gets(3))) == ["a", "b", "c"]


async def test_only_the_named_events_are_held(
    stand_in: StandIn, client: stripe.StripeClient, listening: Receiver
) -> None:
    await stand_in.post("/deliveries/mode", held=True, events="price.")

    await create(client, "a")

    assert products(await listening.gets(1)) == ["a"]


async def test_held_deliveries_survive_a_restart(
    stand_in: StandIn, client: stripe.StripeClient, listening: Receiver
) -> None:
    await stand_in.post("/deliveries/mode", held=True)
    await create(client, "a")
    stand_in.kill()
    await stand_in.start()
    assert [item["attempts"] for item in await stand_in.get("/deliveries")] == [0]

    await stand_in.post("/deliveries/mode")

    assert products(await listening.gets(1)) == ["a"]


async def test_deliveries_are_delayed_and_doubled(
    stand_in: StandIn, client: stripe.StripeClient, listening: Receiver
) -> None:
    await stand_in.post("/deliveries/mode", seconds=0.5, times=2)
    started = time.monotonic()

    await create(client, "a")

    received = await listening.gets(2)
    assert time.monotonic() - started >= 0.5
    assert len({item.event["id"] for item in received}) == 1


@pytest.mark.parametrize("connect", [False, True])
async def test_an_event_of_live_mode_is_signed_by_its_endpoint(
    stand_in: StandIn,
    client: stripe.StripeClient,
    account: str,
    receiver: Receiver,
    connect: bool,
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account} if connect else {}
    await client.v1.products.create_async({"name": "P"}, options)
    (test,) = (await client.v1.events.list_async({}, options)).data
    for connects, secret in ((False, "whsec_platform"), (True, "whsec_connect")):
        await stand_in.post("/webhooks", url=receiver.url, secret=secret, connect=connects)

    sent = await stand_in.post("/events/redeliver", ids=[test.id], livemode=True)

    assert sent == {"deliveries": 1}
    (received,) = await receiver.gets(1)
    secret = "whsec_connect" if connect else "whsec_platform"
    event = client.construct_event(received.body, received.signature, secret)
    assert event.livemode
    assert event.data.object["livemode"]
    assert event.id != test.id
    assert event.type == test.type
