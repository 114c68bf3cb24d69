"""A webhook that is not a verified event for this endpoint leaves no row."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from settings.api import MIN_BODY_BYTES
from tests.integration.webhooks.stripe_inbox import rows_of
from tests.support.api import client_for, serving, settings_for, token
from tests.support.problem_documents import assert_problem
from tests.support.stripe_events import (
    CONNECT_SECRET,
    PATH,
    PLATFORM_SECRET,
    SECRETS,
    Delivery,
    deliver,
    signed,
    snapshot,
    thin,
)
from tests.support.system import System

EVENT = snapshot("acct_1")
GOOD = signed(EVENT)
PADDING = "x" * 1024 * 1024

REFUSED = {
    "no signature": Delivery(GOOD.body, None),
    "an empty signature": Delivery(GOOD.body, ""),
    "a signature that is none": Delivery(GOOD.body, "nonsense"),
    "a foreign secret": signed(EVENT, "whsec_of_another_account"),
    "a signature of another body": Delivery(signed(thin("acct_1")).body, GOOD.signature),
    "a body that was changed": Delivery(GOOD.body.replace(b"acct_1", b"acct_2"), GOOD.signature),
    "an old signature": signed(EVENT, age=310),
    "a body that is not text": signed(b"\xff\xfe\x00"),
    "a body that is not JSON": signed("not json"),
    "a number beyond all numbers": signed(json.dumps(EVENT).replace("false", "1e999", 1)),
    "a value that JSON does not have": signed(json.dumps({**EVENT, "data": float("nan")})),
    "half a character": signed(json.dumps({**EVENT, "data": "\ud800"})),
    "a body that is no object": signed("[]"),
    "an empty body": signed(""),
    "an object that is no event": signed({"object": "account", "id": "acct_1"}),
    "an event without an id": signed({**EVENT, "id": None}),
    "an event with an id that is too long": signed({**EVENT, "id": "evt_" + "x" * 300}),
    "an event with NUL in its id": signed({**EVENT, "id": "evt_\0"}),
    "an event without a mode": signed({**EVENT, "livemode": None}),
    "a body nested too deeply": signed('{"data":' * 1000 + "1" + "}" * 1000),
}


async def test_a_refused_webhook_leaves_no_row(api: System, stripe: httpx.AsyncClient) -> None:
    answers = {name: await deliver(stripe, delivery) for name, delivery in REFUSED.items()}

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == dict.fromkeys(REFUSED, 400)
    for answer in answers.values():
        assert_problem(answer, 400, "webhook_refused")
        assert not [secret for secret in SECRETS if secret in answer.text]
    assert await rows_of(api.database) == []


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_not_read(
    api: System, stripe: httpx.AsyncClient, declared: bool
) -> None:
    event = signed({**EVENT, "data": {"padding": PADDING}})

    async def chunks() -> AsyncIterator[bytes]:
        for begin in range(0, len(event.body), 10_000):
            yield event.body[begin : begin + 10_000]

    answer = await stripe.post(
        PATH,
        content=event.body if declared else chunks(),
        headers={"Stripe-Signature": event.signature or ""},
    )

    assert_problem(answer, 413, "payload_too_large")
    assert await rows_of(api.database) == []


@pytest.mark.parametrize("declared", [True, False])
async def test_an_event_may_be_larger_than_other_bodies(api: System, declared: bool) -> None:
    event = signed({**EVENT, "data": {"padding": PADDING[:1_000_000]}})

    async def chunks() -> AsyncIterator[bytes]:
        yield event.body

    settings = settings_for(
        api.database, stripe_webhook_secrets=SECRETS, max_body_bytes=MIN_BODY_BYTES
    )
    async with (
        serving(settings, api.temporal.client) as address,
        client_for(address, token()) as http,
    ):
        answer = await http.post(
            PATH,
            content=event.body if declared else chunks(),
            headers={"Stripe-Signature": event.signature or ""},
        )
        other = await http.post("/v1/sessions", content=event.body)

    assert answer.json() == {"received": True, "new": True}
    assert_problem(other, 413, "payload_too_large")


async def test_an_api_without_a_secret_refuses_webhooks(api: System) -> None:
    settings = settings_for(api.database)
    async with (
        serving(settings, api.temporal.client) as address,
        client_for(address, None) as http,
    ):
        for secret in (CONNECT_SECRET, ""):
            assert_problem(await deliver(http, signed(EVENT, secret)), 400, "webhook_refused")

    assert await rows_of(api.database) == []


async def test_each_of_several_secrets_verifies(api: System, stripe: httpx.AsyncClient) -> None:
    """The endpoints of platform and accounts have different secrets, and each can be rotated."""
    events = {secret: snapshot("acct_1") for secret in SECRETS}
    for secret, event in events.items():
        answer = await deliver(stripe, signed(event, secret))
        assert answer.json() == {"received": True, "new": True}
    rotated = snapshot("acct_1")
    ours, next_one = signed(rotated, PLATFORM_SECRET), signed(rotated, "whsec_next")
    new_signature = (next_one.signature or "").partition(",")[2]
    rotated_signature = Delivery(ours.body, f"{ours.signature},{new_signature}")

    answer = await deliver(stripe, rotated_signature)

    assert answer.status_code == 200, answer.text
    stored = {row.id for row in await rows_of(api.database)}
    assert stored == {event["id"] for event in [*events.values(), rotated]}
