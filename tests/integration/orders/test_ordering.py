"""One order for each key: double clicks, lost answers, reloads, and other tickets."""

import asyncio
import gc
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any, Final

import httpx
import pytest
from structlog.testing import capture_logs
from temporalio.testing import WorkflowEnvironment

from db.orders import Orders
from db.pool import Connection
from domain.json_values import JsonObject
from tests.support.api import client_for, token
from tests.support.buyers import cancel, order, pay
from tests.support.full_size import IS_FULL
from tests.support.paid_sessions import start_seller
from tests.support.postgres import Database, as_owner
from tests.support.problem_documents import assert_problem
from tests.support.stand_in import StandIn
from tests.support.system import System, running_api, running_worker
from tests.support.ticket_orders import Sale, open_sale
from tests.support.waiting import eventually

RUNS: Final = 300 if IS_FULL else 8
LONGEST_PATIENCE: Final = 0.3
"""Seconds after which an impatient client drops the answer."""


async def test_a_new_order_has_a_checkout(sale: Sale, buyer: httpx.AsyncClient) -> None:
    response = await order(buyer, sale, 2)

    assert response.status_code == 201, response.text
    placed = response.json()
    assert placed["state"] == "open"
    assert placed["checkout_url"].startswith(sale.stand_in.url)
    assert (placed["amount_total"], placed["currency"]) == (5000, "usd")
    assert response.headers["Location"] == f"/v1/public/orders/{placed['order_id']}"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Idempotent-Replayed" not in response.headers
    assert (await buyer.get(response.headers["Location"])).json() == placed
    assert await sale.stock() == (0, 2)


async def test_a_double_click_is_one_order(sale: Sale, buyer: httpx.AsyncClient) -> None:
    for _ in range(RUNS):
        key = token_urlsafe(16)
        first, second = await asyncio.gather(
            order(buyer, sale, 2, key=key), order(buyer, sale, 2, key=key)
        )

        assert sorted((first.status_code, second.status_code)) == [200, 201], first.text
        assert first.content == second.content
        repeat = first if first.status_code == 200 else second
        assert repeat.headers["Idempotent-Replayed"] == "true"
        await _assert_one_checkout(sale, buyer, first)


async def test_a_double_click_on_the_last_tickets_is_one_order(
    sale: Sale, buyer: httpx.AsyncClient
) -> None:
    """The second click finds none left, because the first one holds them."""
    await order(buyer, sale, 3)
    for _ in range(RUNS):
        key = token_urlsafe(16)

        clicks = await asyncio.gather(*(order(buyer, sale, 2, key=key) for _ in range(3)))

        assert sorted(click.status_code for click in clicks) == [200, 200, 201]
        assert len({click.content for click in clicks}) == 1
        await cancel(buyer, clicks[0].json()["order_id"])


async def test_a_request_that_is_dropped_before_its_turn_holds_nothing(
    sale: Sale, buyer: httpx.AsyncClient
) -> None:
    """Its repeat may have been refused before: the buyer would not know of the tickets."""
    with capture_logs() as logs:
        async with as_owner(sale.system.database) as admin, admin.transaction():
            await admin.execute("LOCK TABLE events")
            async with client_for(sale.system.address, None) as impatient:
                dropped = asyncio.create_task(order(impatient, sale, 2))
                await eventually(lambda: _waits_for_a_lock(admin), what="a request that waits")
                dropped.cancel()
                await asyncio.wait([dropped])
        await _end_of_order_request(logs)
    assert await sale.orders() == []
    assert await sale.stock() == (0, 0)


async def test_a_dropped_request_leaves_no_error_in_the_log(
    api: System, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_worker(api, stripe_url=stand_in.url) as system:
        sale = await _sale_in(system, stand_in)
    with capture_logs() as logs:
        async with client_for(sale.system.address, None) as impatient:
            dropped = asyncio.create_task(order(impatient, sale))
            await _order_in_progress(sale)
            dropped.cancel()
            await asyncio.wait([dropped])
        await _end_of_order_request(logs)
    gc.collect()

    assert [line for line in caplog.messages if "never retrieved" in line] == []


async def _waits_for_a_lock(admin: Connection) -> bool:
    waiting: int = await admin.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'wizard_api' "
        "AND wait_event_type = 'Lock'"
    )
    return waiting > 0


async def _order_in_progress(sale: Sale) -> None:
    running = f'OrderEventId="{sale.event_id}" AND ExecutionStatus="Running"'

    async def is_in_progress() -> bool:
        return (await sale.client.count_workflows(running)).count == 1

    await eventually(is_in_progress, what="the order's process")


async def _end_of_order_request(logs: Sequence[Mapping[str, Any]]) -> None:
    async def is_over() -> bool:
        return any(log.get("route", "").endswith("/orders") for log in logs)

    await eventually(is_over, what="the end of the request")


async def test_a_retry_after_a_lost_answer_is_one_order(
    sale: Sale, buyer: httpx.AsyncClient
) -> None:
    for run in range(RUNS):
        key, patience = token_urlsafe(16), random.Random(run).uniform(0, LONGEST_PATIENCE)
        async with client_for(sale.system.address, None) as impatient:
            try:
                async with asyncio.timeout(patience):
                    await order(impatient, sale, 2, key=key)
            except TimeoutError:
                pass

        retried = await order(buyer, sale, 2, key=key)

        assert retried.status_code in {200, 201}, retried.text
        await _assert_one_checkout(sale, buyer, retried)


async def test_a_reload_is_one_order(sale: Sale, buyer: httpx.AsyncClient) -> None:
    for _ in range(RUNS):
        key = token_urlsafe(16)
        first = await order(buyer, sale, 2, key=key)

        again = [await order(buyer, sale, 2, key=key) for _ in range(3)]

        assert first.status_code == 201, first.text
        assert [response.status_code for response in again] == [200] * 3
        assert {response.content for response in again} == {first.content}
        await _assert_one_checkout(sale, buyer, first)


async def _assert_one_checkout(
    sale: Sale, buyer: httpx.AsyncClient, placed: httpx.Response
) -> None:
    """Only the order holds tickets, and only one checkout was opened for it. Cancels the order."""
    order_id = placed.json()["order_id"]
    assert await sale.stock() == (0, 2)
    opened = [
        checkout["id"]
        for checkout in await sale.checkouts()
        if checkout["metadata"]["order"] == order_id
    ]
    assert len(opened) == 1
    assert (await cancel(buyer, order_id)).status_code == 200
    assert await sale.stock() == (0, 0)


async def test_the_order_of_the_items_does_not_matter(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    tiers = [{"name": name, "unit_amount": 2500, "quantity": 9} for name in ("Floor", "Stage")]
    sale = await open_sale(system, stand_in, await start_seller(ada, stand_in, *tiers))
    items = [{"tier_id": tier["id"], "quantity": 1} for tier in sale.event["ticket_tiers"]]
    path = f"/v1/public/events/{sale.event['slug']}/orders"
    headers = {"Idempotency-Key": token_urlsafe(16)}

    first = await buyer.post(path, json={"items": items}, headers=headers)
    again = await buyer.post(path, json={"items": items[::-1]}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 200), again.text
    assert first.content == again.content


async def test_a_key_of_other_tickets_is_refused(sale: Sale, buyer: httpx.AsyncClient) -> None:
    key = token_urlsafe(16)
    await order(buyer, sale, 1, key=key)

    assert_problem(await order(buyer, sale, 2, key=key), 409, "idempotency_key_reused")
    assert await sale.stock() == (0, 1)


async def test_two_orders_of_one_key_at_once_are_told_apart(
    sale: Sale, buyer: httpx.AsyncClient
) -> None:
    key = token_urlsafe(16)

    responses = await asyncio.gather(order(buyer, sale, 1, key=key), order(buyer, sale, 2, key=key))

    assert sorted(response.status_code for response in responses) == [201, 409]
    (placed,) = (response.json() for response in responses if response.status_code == 201)
    assert await sale.stock() == (0, placed["items"][0]["quantity"])


async def test_a_refused_order_leaves_its_key_free(sale: Sale, buyer: httpx.AsyncClient) -> None:
    taken = (await order(buyer, sale, 4)).json()
    key = token_urlsafe(16)
    refused = assert_problem(await order(buyer, sale, 2, key=key), 409, "sold_out")
    (tier,) = refused["tiers"]
    assert (tier["sale_state"], tier["left"]) == ("on_sale", 1)

    await cancel(buyer, taken["order_id"])
    accepted = await order(buyer, sale, 2, key=key)

    assert accepted.status_code == 201, accepted.text


async def test_cancelling_gives_the_tickets_back(sale: Sale, buyer: httpx.AsyncClient) -> None:
    key = token_urlsafe(16)
    placed = (await order(buyer, sale, 4, key=key)).json()

    first = await cancel(buyer, placed["order_id"])
    again = await cancel(buyer, placed["order_id"])

    assert first.status_code == again.status_code == 200, first.text
    assert first.json() == again.json()
    assert (first.json()["state"], first.json()["checkout_url"]) == ("cancelled", None)
    assert await sale.stock() == (0, 0)
    repeated = await order(buyer, sale, 4, key=key)
    assert (repeated.status_code, repeated.json()["state"]) == (200, "cancelled")


async def test_a_paid_order_is_returned_and_not_cancelled(
    sale: Sale, buyer: httpx.AsyncClient
) -> None:
    key = token_urlsafe(16)
    order_id = (await order(buyer, sale, 2, key=key)).json()["order_id"]
    await pay(sale, order_id)

    refused = assert_problem(await cancel(buyer, order_id), 409, "order_closed")
    repeated = await order(buyer, sale, 2, key=key)

    assert refused["order"]["state"] == "paid"
    assert (repeated.status_code, repeated.json()["state"]) == (200, "paid")
    assert await sale.stock() == (2, 0)


async def test_an_address_holds_a_limited_number_of_orders(
    temporal: WorkflowEnvironment,
    database: Database,
    stand_in: StandIn,
) -> None:
    settings = {"holds_per_address": 2, "trusted_proxies": ("127.0.0.1",)}
    async with (
        running_api(temporal, database, **settings) as api,
        running_worker(api, stripe_url=stand_in.url) as system,
        client_for(system.address, None) as buyer,
    ):
        sale = await _sale_in(system, stand_in)
        home = {"X-Forwarded-For": "2001:db8::1"}
        same_network = {"X-Forwarded-For": "2001:db8::2"}
        first = await order(buyer, sale, headers=home)
        second = await order(buyer, sale, headers=same_network)
        assert (first.status_code, second.status_code) == (201, 201)

        refused = await order(buyer, sale, headers=home)
        elsewhere = await order(buyer, sale, headers={"X-Forwarded-For": "2001:db8:1::1"})

        problem = assert_problem(refused, 429, "rate_limited")
        assert "unpaid orders" in problem["detail"]
        assert refused.headers["Retry-After"] == "60"
        assert elsewhere.status_code == 201
        await cancel(buyer, first.json()["order_id"])
        assert (await order(buyer, sale, headers=home)).status_code == 201


async def _sale_in(system: System, stand_in: StandIn, *tiers: JsonObject) -> Sale:
    async with client_for(system.address, token("grace")) as http:
        seller = await start_seller(http, stand_in, *tiers)
        return await open_sale(system, stand_in, seller)


async def test_an_order_is_pending_while_stripe_is_slow(
    sale: Sale, buyer: httpx.AsyncClient, stand_in: StandIn
) -> None:
    """For longer than a request waits."""
    await stand_in.fail("slow", seconds=12, path="/v1/checkout/sessions")
    key = token_urlsafe(16)

    pending = await order(buyer, sale, key=key)

    assert pending.status_code == 202, pending.text
    assert (pending.json()["state"], pending.json()["checkout_url"]) == ("held", None)
    assert int(pending.headers["Retry-After"]) > 0

    async def is_open() -> bool:
        shown = await buyer.get(pending.headers["Location"])
        return bool(shown.json()["checkout_url"])

    await eventually(is_open, what="an open checkout")
    assert (await order(buyer, sale, key=key)).status_code == 200


async def test_an_order_is_returned_without_a_worker(
    api: System, stand_in: StandIn, buyer: httpx.AsyncClient
) -> None:
    """From Postgres."""
    key = token_urlsafe(16)
    async with running_worker(api, stripe_url=stand_in.url) as system:
        sale = await _sale_in(system, stand_in)
        placed = await order(buyer, sale, key=key)

    repeated = await order(buyer, sale, key=key)

    assert (placed.status_code, repeated.status_code) == (201, 200)
    assert repeated.content == placed.content


async def test_a_repeat_of_an_order_in_progress_is_not_refused(
    api: System, stand_in: StandIn, buyer: httpx.AsyncClient, inventory: Orders
) -> None:
    """Other orders hold all tickets at that moment, but may give them back before this one asks."""
    key = token_urlsafe(16)
    last_ticket = {"name": "General", "unit_amount": 2500, "quantity": 1}
    async with running_worker(api, stripe_url=stand_in.url) as system:
        sale = await _sale_in(system, stand_in, last_ticket)
    dropped = asyncio.create_task(order(buyer, sale, key=key))
    await _order_in_progress(sale)
    dropped.cancel()
    await inventory.hold(sale.request(), at=datetime.now(UTC))

    repeated = await order(buyer, sale, key=key)
    another = await order(buyer, sale)

    assert_problem(repeated, 503, "unavailable")
    assert_problem(another, 409, "sold_out")
