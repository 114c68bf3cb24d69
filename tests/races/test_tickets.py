"""Buyers of one event at the same moment, through two API processes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from secrets import token_urlsafe
from typing import Any, Final

import httpx
import pytest

from tests.races.arena import Arena
from tests.support.api import client_for
from tests.support.buyers import cancel, order_until_answered
from tests.support.full_size import IS_FULL
from tests.support.paid_sessions import start_seller
from tests.support.stand_in import StandIn
from tests.support.ticket_orders import Sale, open_sale
from tests.support.waiting import eventually

BUYERS: Final = 20
RACES: Final = 10 if IS_FULL else 1
PAYMENTS: Final = 40 if IS_FULL else 3
REUSED: Final = (409, "idempotency_key_reused")

Pair = Sequence[httpx.AsyncClient]


@pytest.fixture
async def sellers(selling_arena: Arena) -> AsyncIterator[Pair]:
    async with selling_arena.one_person() as pair:
        yield pair


@pytest.fixture
async def sale(selling_arena: Arena, running_stand_in: StandIn, sellers: Pair) -> Sale:
    """Of one last ticket, and of many others."""
    seller = await start_seller(
        sellers[0],
        running_stand_in,
        {"name": "Last", "unit_amount": 2500, "quantity": 1},
        {"name": "Balcony", "unit_amount": 1500, "quantity": 100},
    )
    return await open_sale(selling_arena.system, running_stand_in, seller)


@pytest.fixture
async def buyers(selling_arena: Arena) -> AsyncIterator[Pair]:
    """Without a token, one at each API process."""
    first, last = selling_arena.addresses
    async with client_for(first, None) as http, client_for(last, None) as other:
        yield http, other


async def want(
    buyers: Pair, sale: Sale, tier: int, quantities: Sequence[int], *, key: str | None = None
) -> list[httpx.Response]:
    """Orders at once, from the API processes in turn; each with its own key by default."""
    tier_id = sale.event["ticket_tiers"][tier]["id"]
    return await asyncio.gather(
        *(
            order_until_answered(
                buyers[number % len(buyers)], sale.event["slug"], tier_id, quantity, key=key
            )
            for number, quantity in enumerate(quantities)
        )
    )


def problem_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_the_last_ticket_is_held_once(sale: Sale, buyers: Pair) -> None:
    for _ in range(1 + RACES):  # the ticket is given back after each
        answers = await want(buyers, sale, 0, [1] * BUYERS)

        (held,) = (answer for answer in answers if answer.is_success)
        refusals = [problem_of(answer) for answer in answers if answer is not held]
        assert refusals == [(409, "sold_out")] * (BUYERS - 1)
        assert await sale.stock() == (0, 1)
        cancelled = await cancel(buyers[1], held.json()["order_id"])
        assert cancelled.json()["state"] == "cancelled"
        assert await sale.stock() == (0, 0)


async def test_an_order_twice_at_once_is_one_order(sale: Sale, buyers: Pair) -> None:
    for _ in range(RACES):
        before = len(await sale.checkouts())
        first, again = await want(buyers, sale, 0, [1, 1], key=token_urlsafe(16))

        assert {first.status_code, again.status_code} <= {200, 201}
        assert first.json() == again.json()
        assert first.json()["checkout_url"]
        assert len(await sale.checkouts()) == before + 1
        assert await sale.stock() == (0, 1)
        cancels = await asyncio.gather(
            *(cancel(buyer, first.json()["order_id"]) for buyer in buyers)
        )
        assert [answer.json()["state"] for answer in cancels] == ["cancelled"] * 2
        assert await sale.stock() == (0, 0)


async def test_a_key_in_two_orders_at_once_belongs_to_one(sale: Sale, buyers: Pair) -> None:
    held = 0
    for _ in range(RACES):
        key = token_urlsafe(16)
        answers = await want(buyers, sale, 1, [1, 2], key=key)
        repeated = await want(buyers, sale, 1, [1, 2], key=key)

        assert sorted(answer.is_success for answer in answers) == [False, True]
        for answer, repeat, quantity in zip(answers, repeated, (1, 2), strict=True):
            assert answer.is_success == repeat.is_success
            if answer.is_success:
                held += quantity
            else:
                assert problem_of(answer) == problem_of(repeat) == REUSED
        assert await sale.stock() == (0, held)


async def test_a_payment_and_two_cancels_have_one_winner(sale: Sale, buyers: Pair) -> None:
    sold = 0
    for _ in range(PAYMENTS):
        (placed,) = await want(buyers, sale, 1, [1])
        order_id = placed.json()["order_id"]

        paid, first, last = await asyncio.gather(
            pay(sale, order_id), cancel(buyers[0], order_id), cancel(buyers[1], order_id)
        )

        expected = "paid" if paid else "cancelled"
        sold += paid
        for buyer in buyers:
            await becomes(buyer, order_id, expected)
        for answer in (first, last):
            assert answer.status_code == 409 if paid else answer.json()["state"] == "cancelled"
        assert await sale.stock() == (sold, 0)


async def test_a_switch_twice_at_once_is_one_change(sale: Sale, sellers: Pair) -> None:
    path = f"/v1/events/{sale.event_id}/sales"
    for name, other, state in (
        ("pause", "resume", "paused"),
        ("resume", "pause", "on"),
        ("close", "pause", "closed"),
    ):
        headers = {"Idempotency-Key": token_urlsafe(16)}

        answers = await asyncio.gather(
            *(seller.post(f"{path}/{name}", headers=headers) for seller in sellers)
        )

        assert [answer.status_code for answer in answers] == [200, 200]
        assert sorted("Idempotent-Replayed" in answer.headers for answer in answers) == [
            False,
            True,
        ]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["sales"] == state
        reused = await sellers[1].post(f"{path}/{other}", headers=headers)
        assert problem_of(reused) == REUSED
        assert (await sellers[0].get(path)).json()["sales"] == state


async def test_a_key_in_two_switches_at_once_belongs_to_one(sale: Sale, sellers: Pair) -> None:
    path = f"/v1/events/{sale.event_id}/sales"
    for _ in range(RACES):
        headers = {"Idempotency-Key": token_urlsafe(16)}

        paused, resumed = await asyncio.gather(
            sellers[0].post(f"{path}/pause", headers=headers),
            sellers[1].post(f"{path}/resume", headers=headers),
        )

        assert sorted([paused.status_code, resumed.status_code]) == [200, 409]
        refused = resumed if paused.is_success else paused
        assert problem_of(refused) == REUSED
        shown = (await sellers[1].get(path)).json()["sales"]
        assert shown == ("paused" if paused.is_success else "on")


async def pay(sale: Sale, order_id: str) -> bool:
    """Whether the checkout could still be paid."""
    (order,) = (stored for stored in await sale.orders() if stored.order_id == order_id)
    path = f"/checkout_sessions/{order.checkout_session_id}/pay"
    answer: httpx.Response = await sale.stand_in.control.post(path, json={})
    return answer.is_success


async def becomes(buyer: httpx.AsyncClient, order_id: str, state: str) -> None:
    async def has_state() -> bool:
        order: dict[str, Any] = (await buyer.get(f"/v1/public/orders/{order_id}")).json()
        return bool(order["state"] == state)

    await eventually(has_state, what=f"an order that is {state}")
