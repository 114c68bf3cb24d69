"""What is published is what is sold: quantities, capacities, windows, and the end of the event."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from db.pool import Connection
from tests.support.buyers import order_tier, order_until_answered, pay
from tests.support.order_rows import paid_tier, put_event
from tests.support.paid_sessions import start_seller
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.problem_documents import assert_problem
from tests.support.stand_in import StandIn
from tests.support.system import System, running_api
from tests.support.ticket_orders import Sale, open_sale

NOW = datetime.now(UTC)
BUYERS = 12


@pytest.fixture(scope="module")
async def api(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[System]:
    """All buyers have one address here, so there is no limit on its open orders."""
    async with (
        migrated_database(postgres) as database,
        running_api(temporal, database, holds_per_address=0) as api,
    ):
        yield api


async def sale_with_room(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, capacity: int, **tickets: Any
) -> Sale:
    """Of a hall with so many places."""
    seller = await start_seller(ada, stand_in)
    await seller.wizard.save("venueSetup", {"capacity": capacity})
    await seller.wizard.save("ticketSetup", tickets)
    await seller.wizard.save("reviewPublish", {"acceptTerms": True})
    return await open_sale(system, stand_in, seller)


async def test_twenty_tickets_of_a_hall_of_twenty_are_sold(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    tier = {"name": "General", "unit_amount": 2500, "quantity": 20, "maxPerOrder": 10}
    sale = await sale_with_room(system, stand_in, ada, 20, totalCapacity=20, tiers=[tier])
    slug, tier_id = sale.event["slug"], sale.event["ticket_tiers"][0]["id"]

    answers = await asyncio.gather(
        *(
            order_until_answered(buyer, slug, tier_id, 10 if number % 2 else 5)
            for number in range(BUYERS)
        )
    )
    more = [await order_until_answered(buyer, slug, tier_id, 5) for _ in range(3)]

    placed = [answer for answer in (*answers, *more) if answer.is_success]
    for answer in (*answers, *more):
        if answer not in placed:
            assert_problem(answer, 409, "sold_out")
    assert sum(answer.json()["items"][0]["quantity"] for answer in placed) == 20
    for answer in placed:
        await pay(sale, answer.json()["order_id"])
    assert await sale.stock() == (20, 0)
    refused = assert_problem(await order_tier(buyer, slug, tier_id), 409, "sold_out")
    assert refused["tiers"][0]["left"] == 0
    sales = (await ada.get(f"/v1/events/{sale.event_id}/sales")).json()
    assert (sales["total"]["sold"], sales["total"]["amount"]) == (20, 20 * 2500)
    assert sales["tiers"][0]["state"] == "sold_out"


async def test_a_tier_without_a_quantity_is_bounded_by_the_hall(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    sale = await sale_with_room(
        system, stand_in, ada, 2, tiers=[{"name": "General", "unit_amount": 2500}]
    )
    slug, tier_id = sale.event["slug"], sale.event["ticket_tiers"][0]["id"]

    assert_problem(await order_tier(buyer, slug, tier_id, 3), 409, "sold_out")
    answers = await asyncio.gather(*(order_until_answered(buyer, slug, tier_id) for _ in range(5)))

    assert sum(answer.is_success for answer in answers) == 2
    for answer in answers:
        if not answer.is_success:
            assert_problem(answer, 409, "sold_out")
    assert await sale.stock() == (0, 2)


@pytest.mark.parametrize(
    ("changed", "window", "state"),
    [
        ({}, {"saleStart": (NOW + timedelta(days=30)).isoformat()}, "scheduled"),
        ({}, {"saleEnd": (NOW - timedelta(days=365)).isoformat()}, "ended"),
        (
            {"starts_at": NOW - timedelta(hours=5), "ends_at": NOW - timedelta(hours=1)},
            {},
            "ended",
        ),
        ({"starts_at": NOW - timedelta(hours=5), "ends_at": None}, {}, "ended"),
    ],
    ids=["before the sale", "after the sale", "after the event", "after an open end"],
)
async def test_tickets_are_sold_in_their_window_only(
    system: System,
    *,
    buyer: httpx.AsyncClient,
    admin: Connection,
    changed: dict[str, Any],
    window: dict[str, str],
    state: str,
) -> None:
    event = await put_event(admin, paid_tier("floor", 20, **window), **changed)

    refused = assert_problem(await order_tier(buyer, event.slug, "floor"), 409, "not_on_sale")

    (tier,) = refused["tiers"]
    assert tier["sale_state"] == state
    for name, moment in window.items():
        shown = tier["sale_start" if name == "saleStart" else "sale_end"]
        assert datetime.fromisoformat(shown) == datetime.fromisoformat(moment)
    shown_event = (await buyer.get(f"/v1/public/events/{event.slug}")).json()
    assert shown_event["ticket_tiers"][0]["sale_state"] == state


async def test_a_hidden_tier_is_sold_by_its_id(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient, buyer: httpx.AsyncClient
) -> None:
    hidden = {"name": "Crew", "unit_amount": 900, "quantity": 3, "visibility": "hidden"}
    shown = {"name": "General", "unit_amount": 2500, "quantity": 3}
    sale = await open_sale(system, stand_in, await start_seller(ada, stand_in, shown, hidden))
    slug, tier_id = sale.event["slug"], sale.event["ticket_tiers"][1]["id"]

    answer = await order_tier(buyer, slug, tier_id)

    assert answer.status_code == 201, answer.text
    assert tier_id not in (await buyer.get(f"/v1/public/events/{slug}")).text
