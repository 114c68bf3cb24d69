"""The organizer pauses, resumes and closes the sales of an event."""

from secrets import token_urlsafe

import httpx
import pytest

from tests.support.buyers import order, pay
from tests.support.problem_documents import assert_problem
from tests.support.ticket_orders import Sale
from tests.support.waiting import eventually
from tests.support.wizard import start


async def switch(
    http: httpx.AsyncClient, sale: Sale, action: str, key: str | None = None
) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await http.post(f"/v1/events/{sale.event_id}/sales/{action}", headers=headers)


async def test_paused_sales_refuse_orders_until_resumed(
    sale: Sale, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    paused = await switch(ada, sale, "pause")

    assert paused.status_code == 200, paused.text
    assert (paused.json()["sales"], paused.json()["reason"]) == ("paused", "organizer")
    refused = assert_problem(await order(buyer, sale), 409, "sales_paused")
    assert refused["tiers"][0]["sale_state"] == "paused"
    shown = (await buyer.get(f"/v1/public/events/{sale.event['slug']}")).json()
    assert shown["ticket_tiers"][0]["sale_state"] == "paused"

    resumed = await switch(ada, sale, "resume")

    assert (resumed.json()["sales"], resumed.json()["reason"]) == ("on", None)
    assert (await order(buyer, sale)).status_code == 201


async def test_a_paused_order_can_still_be_paid(
    sale: Sale, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    key = token_urlsafe(16)
    placed = (await order(buyer, sale, key=key)).json()

    await switch(ada, sale, "pause")

    repeated = await order(buyer, sale, key=key)
    assert repeated.status_code == 200, repeated.text
    assert repeated.json()["checkout_url"] == placed["checkout_url"]


async def test_closing_ends_unpaid_orders_for_good(
    sale: Sale, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    placed = (await order(buyer, sale, 2)).json()

    closed = await switch(ada, sale, "close")

    assert closed.json()["sales"] == "closed"
    path = f"/v1/public/orders/{placed['order_id']}"

    async def is_cancelled() -> bool:
        return bool((await buyer.get(path)).json()["state"] == "cancelled")

    await eventually(is_cancelled, what="the end of the order")
    assert await sale.stock() == (0, 0)
    assert_problem(await order(buyer, sale), 409, "not_on_sale")
    for action in ("resume", "pause"):
        assert_problem(await switch(ada, sale, action), 409, "sales_closed")
    assert (await switch(ada, sale, "close")).status_code == 200


async def test_a_disconnected_account_sells_only_what_is_being_paid(
    sale: Sale, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    placed = (await order(buyer, sale)).json()

    disconnected = await (await start(ada)).post("/payments/disconnect")

    assert disconnected.status_code == 200, disconnected.text
    assert_problem(await order(buyer, sale), 409, "sales_paused")
    shown = (await ada.get(f"/v1/events/{sale.event_id}/sales")).json()
    assert (shown["sales"], shown["reason"]) == ("on", "account_lost")
    await pay(sale, placed["order_id"])
    assert await sale.stock() == (1, 0)


async def test_a_repeated_change_of_the_sales_has_no_effect(
    sale: Sale, ada: httpx.AsyncClient
) -> None:
    assert (await switch(ada, sale, "pause", "one")).status_code == 200
    assert (await switch(ada, sale, "resume", "two")).status_code == 200

    repeated = await switch(ada, sale, "pause", "one")

    assert repeated.status_code == 200, repeated.text
    assert repeated.headers["Idempotent-Replayed"] == "true"
    assert repeated.json()["sales"] == "on"
    assert_problem(await switch(ada, sale, "close", "one"), 409, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["k" * 255, "!~" * 100])
async def test_a_long_key_changes_the_sales(sale: Sale, ada: httpx.AsyncClient, key: str) -> None:
    first, again = await switch(ada, sale, "pause", key), await switch(ada, sale, "pause", key)

    assert (first.status_code, again.status_code) == (200, 200), first.text
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
