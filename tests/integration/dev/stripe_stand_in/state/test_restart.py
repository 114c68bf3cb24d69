"""The state that a restart keeps."""

import json
from pathlib import Path

import stripe

from tests.integration.dev.stripe_stand_in.receiver import Receiver
from tests.support.stand_in import StandIn


async def test_a_restart_keeps_objects_keys_and_deliveries(
    tmp_path: Path, receiver: Receiver
) -> None:
    webhook = {"url": receiver.url, "secret": "whsec_secret", "connect": False}
    stand_in = StandIn(tmp_path, {"STRIPE_STAND_IN_WEBHOOKS": json.dumps([webhook])})
    key: stripe.RequestOptions = {"idempotency_key": "k1"}
    receiver.refusals = [500] * 3
    try:
        await stand_in.start()
        client = stand_in.stripe()
        product = await client.v1.products.create_async({"name": "P"}, key)
        stand_in.stop()
        await stand_in.start()

        kept = await client.v1.products.retrieve_async(product.id)
        replayed = await client.v1.products.create_async({"name": "P"}, key)

        assert kept.name == "P"
        assert replayed.id == product.id
        received = await receiver.gets(4)
        assert len({item.event["id"] for item in received}) == 1
        assert (tmp_path / "state.json").stat().st_mode & 0o777 == 0o600
    finally:
        await stand_in.close()


async def test_a_crash_loses_nothing_that_was_answered(stand_in: StandIn) -> None:
    for number in range(3):
        product = await stand_in.stripe().v1.products.create_async({"name": f"Ticket {number}"})

        stand_in.kill()
        await stand_in.start()

        found = await stand_in.stripe().v1.products.retrieve_async(product.id)
        assert found.name == f"Ticket {number}"
