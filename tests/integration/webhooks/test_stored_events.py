"""The parts of an event that are stored, and those that are not."""

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest
from temporalio.service import RPCError

from domain import ids
from tests.integration.webhooks.stripe_inbox import row_of, rows_of
from tests.support.postgres import as_owner, tables_with
from tests.support.stripe_events import deliver, signed, snapshot, take, thin
from tests.support.system import System
from tests.support.waiting import eventually

NAME, EMAIL, PHONE, STREET = "Ada Lovelace", "ada@example.test", "+33612345678", "Rue de Rivoli"
PERSON = {"name": NAME, "email": EMAIL, "phone": PHONE, "address": {"line1": STREET}}

ORDER_ID = "6a3f5a52-0c1b-5d8e-9f6a-3b1c2d4e5f60"

FULL_OF_DATA = [
    snapshot(
        "acct_1",
        "checkout.session.completed",
        data={
            "object": {
                "id": "cs_test_1",
                "object": "checkout.session",
                "customer_email": EMAIL,
                "customer_details": PERSON,
                "metadata": {"guest": NAME},
            }
        },
    ),
    snapshot(
        "acct_1",
        data={
            "object": {"id": "acct_1", "object": "account", "email": EMAIL, "individual": PERSON},
            "previous_attributes": PERSON,
        },
        request={"id": "req_1", "idempotency_key": EMAIL},
    ),
    snapshot(
        "acct_1",
        "checkout.session.completed",
        data={
            "object": {
                "id": "cs_test_2",
                "object": "checkout.session",
                "customer_email": EMAIL,
                "customer_details": PERSON,
                "metadata": {"order": ORDER_ID, "guest": NAME},
                "payment_intent": "pi_1",
            }
        },
    ),
    snapshot(
        "acct_1",
        "charge.refunded",
        data={
            "object": {
                "id": "ch_1",
                "object": "charge",
                "billing_details": PERSON,
                "receipt_email": EMAIL,
                "metadata": {"order": NAME},
                "payment_intent": "pi_2",
            }
        },
    ),
    snapshot("acct_1", "product.created", data={"object": {"id": EMAIL, "object": "product"}}),
    snapshot("acct_1", "account.external_account.created", data={"object": PERSON}),
    snapshot(None, "customer.created", data={"object": {"id": "cus_1", **PERSON}}),
    thin("acct_1", changes={"after": PERSON}, data=PERSON, reason={"request": {"id": EMAIL}}),
    thin(
        "acct_1",
        "v2.core.account_person.updated",
        related_object={"id": "person_1", "type": "v2.core.account_person", "url": EMAIL},
        context="acct_1",
    ),
]


async def test_personal_data_of_an_event_is_neither_stored_nor_logged(
    api: System,
    stripe: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)

    await take(stripe, *FULL_OF_DATA, *FULL_OF_DATA)

    out, err = capfd.readouterr()
    assert len(await rows_of(api.database)) == len(FULL_OF_DATA)
    for event in FULL_OF_DATA:
        assert await tables_with(api.database, event["id"]) == ["public.stripe_events"]
    for text in (NAME, EMAIL, PHONE, STREET):
        assert await tables_with(api.database, text) == []
        assert text not in caplog.text + out + err


@pytest.mark.parametrize(
    ("event", "stored"),
    [
        (FULL_OF_DATA[0], {}),
        (FULL_OF_DATA[1], {"reference": {"type": "account", "id": "acct_1"}}),
        (
            FULL_OF_DATA[2],
            {
                "reference": {
                    "type": "checkout.session",
                    "id": "cs_test_2",
                    "order_id": ORDER_ID,
                    "payment_intent": "pi_1",
                }
            },
        ),
        (
            FULL_OF_DATA[3],
            {"reference": {"type": "charge", "id": "ch_1", "payment_intent": "pi_2"}},
        ),
        (FULL_OF_DATA[4], {}),
        (FULL_OF_DATA[5], {}),
        (FULL_OF_DATA[7], {"reference": {"type": "v2.core.account", "id": "acct_1"}}),
        (FULL_OF_DATA[8], {"reference": {"type": "v2.core.account_person", "id": "person_1"}}),
        (snapshot("acct_1", data={"object": {"id": "A\0B", "object": "account"}}), {}),
    ],
    ids=[
        "ignored",
        "account",
        "checkout",
        "charge",
        "chosen id",
        "no id",
        "thin",
        "thin in context",
        "NUL",
    ],
)
async def test_a_stored_event_has_columns_and_a_reference(
    api: System, stripe: httpx.AsyncClient, event: dict[str, Any], stored: dict[str, Any]
) -> None:
    answer = await deliver(stripe, signed(json.dumps(event, indent=2, ensure_ascii=False)))

    assert answer.json() == {"received": True, "new": True}
    (row,) = await rows_of(api.database)
    assert row.content == stored
    assert (row.id, row.type, row.livemode) == (event["id"], event["type"], False)
    assert (row.account_id, row.error) == ("acct_1", None)


async def test_only_relevant_events_start_work(api: System, stripe: httpx.AsyncClient) -> None:
    account_event, price_event = snapshot("acct_1"), snapshot("acct_1", "price.created")

    first, second, again = [
        (await deliver(stripe, signed(event))).json()["new"]
        for event in (account_event, price_event, price_event)
    ]

    assert (first, second, again) == (True, True, False)
    waiting, ignored = [
        await row_of(api.database, event["id"]) for event in (account_event, price_event)
    ]
    assert (waiting.processed_at, waiting.outcome) == (None, None)
    assert ignored.processed_at is not None
    assert ignored.outcome == "ignored"
    client = api.temporal.client
    assert await client.get_workflow_handle(
        ids.stripe_event_workflow_id(account_event["id"])
    ).describe()
    with pytest.raises(RPCError, match="not found"):
        await client.get_workflow_handle(ids.stripe_event_workflow_id(price_event["id"])).describe()


@pytest.mark.parametrize("is_committed", [True, False])
async def test_a_repeat_waits_for_the_delivery_in_flight(
    api: System, stripe: httpx.AsyncClient, is_committed: bool
) -> None:
    """If the first delivery fails, the repeat stores the event."""
    event = snapshot("acct_1")
    async with as_owner(api.database) as connection, as_owner(api.database) as observer:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO stripe_events (id, type, livemode, payload, created_at)"
            " VALUES ($1, $2, false, '{}', now())",
            event["id"],
            event["type"],
        )
        repeat = asyncio.create_task(deliver(stripe, signed(event)))

        async def is_waiting() -> bool:
            waiting: bool = await observer.fetchval(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
            )
            return waiting

        await eventually(is_waiting, what="the repeated delivery")
        assert not repeat.done()
        await (transaction.commit() if is_committed else transaction.rollback())

    answer = await repeat

    assert answer.json() == {"received": True, "new": not is_committed}
    assert len(await rows_of(api.database)) == 1
