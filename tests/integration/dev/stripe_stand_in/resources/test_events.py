"""Events are signed, delivered until they are accepted, and listed."""

from typing import Any

import httpx
import pytest
import stripe
from stripe.events import (
    V2CoreAccountIncludingConfigurationMerchantCapabilityStatusUpdatedEventNotification as CapabilityNotification,  # noqa: E501 - a name of the SDK
)

from dev.stripe_stand_in.state.webhook_delivery import signature
from tests.integration.dev.stripe_stand_in.receiver import Receiver
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

SECRET = "whsec_secret"


async def listen(stand_in: StandIn, receiver: Receiver, **settings: Any) -> None:
    await stand_in.post("/webhooks", url=receiver.url, secret=SECRET, **settings)


async def test_an_event_is_signed_and_names_its_account(
    stand_in: StandIn, receiver: Receiver, client: stripe.StripeClient, account: str
) -> None:
    await listen(stand_in, receiver, connect=True)

    await client.v1.products.create_async(
        {"id": "p", "name": "P"}, {"stripe_account": account, "idempotency_key": "k1"}
    )

    (received,) = await receiver.gets(1)
    event = client.construct_event(received.body, received.signature, SECRET)
    assert (event.type, event.account) == ("product.created", account)
    assert event.data.object["id"] == "p"
    assert event.request
    assert event.request.idempotency_key == "k1"
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(received.body, received.signature, "whsec_other")


def test_the_signature_equals_that_of_the_sdk() -> None:
    expected = stripe.WebhookSignature.generate_signature_header('{"a": 1}', SECRET, 1700000000)

    assert signature(b'{"a": 1}', SECRET, 1700000000) == expected


async def test_platform_and_account_events_have_separate_endpoints(
    stand_in: StandIn, receiver: Receiver, client: stripe.StripeClient, account: str
) -> None:
    await listen(stand_in, receiver, connect=False)

    await client.v1.products.create_async({"name": "P"}, {"stripe_account": account})
    platform_product = await client.v1.products.create_async({"name": "Q"})

    (received,) = await receiver.gets(1)
    assert received.event["data"]["object"]["id"] == platform_product.id
    assert "account" not in received.event


async def test_an_endpoint_receives_its_enabled_events_only(
    stand_in: StandIn, receiver: Receiver, client: stripe.StripeClient
) -> None:
    await listen(stand_in, receiver, enabled_events=["product.updated"])

    product = await client.v1.products.create_async({"name": "P"})
    await client.v1.products.update_async(product.id, {"name": "Q"})

    await receiver.gets(1, "product.updated")
    assert [item.event["type"] for item in receiver.received] == ["product.updated"]


async def test_a_thin_event_refers_to_an_account(
    stand_in: StandIn, receiver: Receiver, client: stripe.StripeClient, account: str
) -> None:
    await listen(stand_in, receiver, payload="thin")

    await stand_in.move(account, "restricted")

    capabilities = set()
    for received in await receiver.gets(2, "v2.core.account[configuration.merchant]"):
        assert "data" not in received.event
        notification = client.parse_event_notification(received.body, received.signature, SECRET)
        assert isinstance(notification, CapabilityNotification)
        assert notification.related_object.id == account
        event = await client.v2.core.events.retrieve_async(notification.id)
        capabilities.add(event.to_dict()["data"]["updated_capability"])
    assert capabilities == {"card_payments", "stripe_balance.payouts"}
    await receiver.gets(1, "v2.core.account[requirements].updated")
    await receiver.gets(1, "v2.core.account.updated")


async def test_a_delivery_is_repeated_until_it_succeeds(
    stand_in: StandIn, receiver: Receiver, client: stripe.StripeClient
) -> None:
    receiver.refusals = [500, 302, 404]
    await listen(stand_in, receiver)

    await client.v1.products.create_async({"name": "P"})

    received = await receiver.gets(4)
    assert len({item.event["id"] for item in received}) == 1

    async def succeeded() -> bool:
        (delivery,) = await stand_in.get("/deliveries")
        return (delivery["delivered"], delivery["attempts"]) == (True, 4)

    await eventually(succeeded, what="the delivery")


async def test_events_are_redelivered_in_random_order_on_demand(
    stand_in: StandIn, receiver: Receiver, client: stripe.StripeClient
) -> None:
    for number in range(3):
        await client.v1.products.create_async({"id": f"p{number}", "name": "P"})
    await listen(stand_in, receiver)

    sent = await stand_in.post("/events/redeliver", times=2, shuffled=True)

    assert sent == {"deliveries": 6}
    received = await receiver.gets(6)
    assert len({item.event["id"] for item in received}) == 3


async def test_one_event_is_redelivered_on_demand(
    stand_in: StandIn, receiver: Receiver, client: stripe.StripeClient
) -> None:
    for _ in range(2):
        await client.v1.products.create_async({"name": "P"})
    newest = (await client.v1.events.list_async({"limit": 1})).data[0]
    await listen(stand_in, receiver)

    await stand_in.post("/events/redeliver", ids=[newest.id])

    (received,) = await receiver.gets(1)
    assert received.event["id"] == newest.id


async def test_an_update_event_has_the_previous_attributes(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    await client.v1.prices.update_async(price, {"active": False}, options)
    await client.v1.prices.update_async(price, {"active": False}, options)

    events = await client.v1.events.list_async({"types": ["price.updated"]}, options)

    (event,) = events.data
    assert event.to_dict()["data"]["previous_attributes"] == {"active": True}
    assert (await client.v1.events.retrieve_async(event.id, options=options)).id == event.id


async def test_events_are_listed_by_a_pattern(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}

    found = await client.v1.events.list_async({"type": "product.*"}, options)

    assert [event.type for event in found.data] == ["product.created"]


async def test_thin_events_are_listed_by_account(client: stripe.StripeClient, account: str) -> None:
    found = await client.v2.core.events.list_async({"object_id": account})

    assert found.data[-1].type == "v2.core.account.created"


async def test_a_webhook_endpoint_elsewhere_is_refused(stand_in: StandIn) -> None:
    refused = await stand_in.control.post(
        "/webhooks", json={"url": "https://example.com/hook", "secret": SECRET}
    )

    assert refused.status_code == 422


async def test_webhook_endpoints_are_listed_without_their_secret(
    stand_in: StandIn, receiver: Receiver
) -> None:
    await listen(stand_in, receiver)

    answer: httpx.Response = await stand_in.control.get("/webhooks")

    assert receiver.url in answer.text
    assert SECRET not in answer.text
