"""The sweep mends orders after a restored database or lost processes, and counts what it found."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from activities import sweep_orders
from domain import ids
from tests.support.api import unique_user
from tests.support.paid_sessions import start_seller
from tests.support.stand_in import StandIn
from tests.support.sweeping import execute, sweep
from tests.support.system import System, running_worker
from tests.support.ticket_orders import Placed, Sale, open_sale
from tests.support.waiting import eventually
from workflows.sweep import Swept


@pytest.fixture
async def system(
    api: System, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[System]:
    monkeypatch.setattr(sweep_orders, "SETTLED_AFTER", timedelta(0))
    async with running_worker(api, stripe_url=stand_in.url):
        yield api


@pytest.fixture
def user() -> str:
    return unique_user()


@pytest.fixture
async def sale(system: System, stand_in: StandIn, ada: httpx.AsyncClient) -> Sale:
    seller = await start_seller(
        ada, stand_in, {"name": "General", "unit_amount": 2500, "quantity": 5}
    )
    return await open_sale(system, stand_in, seller)


async def swept_until(system: System, is_done: Callable[[Swept], Awaitable[bool]]) -> None:
    """Repeats the sweep, because Temporal's list of workflows lags behind."""

    async def done() -> bool:
        return await is_done(await sweep(system))

    await eventually(done, what="the sweep")


async def delete_row(sale: Sale, order_id: str) -> None:
    """As a database that is restored to a time before the order."""
    await execute(sale.system, "DELETE FROM ticket_orders WHERE id = $1", order_id)
    await execute(sale.system, "UPDATE event_inventory SET sold = 0, held = 0, amount = 0")


async def test_nothing_is_found_while_all_is_well(system: System, sale: Sale) -> None:
    await sale.place(1)
    paid = await sale.place(2)
    await paid.pay()
    await paid.webhook()
    await paid.result()

    swept = await sweep(system)

    counts = swept.orders.model_dump(exclude={"part", "after"})
    assert set(counts.values()) == {0}, counts
    assert await sale.stock() == (2, 1)


async def test_a_different_inventory_is_recounted(system: System, sale: Sale) -> None:
    await sale.place(2)
    await execute(system, "UPDATE event_inventory SET held = 5, sold = 1")

    first, second = await sweep(system), await sweep(system)

    assert (first.orders.recounted, second.orders.recounted) == (1, 0)
    assert await sale.stock() == (0, 2)


async def test_a_lost_row_is_restored_from_its_process(system: System, sale: Sale) -> None:
    placed = await sale.place(3)
    before = await sale.orders()
    await delete_row(sale, placed.order_id)

    async def is_restored(swept: Swept) -> bool:
        return await sale.orders() == before

    await swept_until(system, is_restored)
    assert await sale.stock() == (0, 3)
    await placed.pay()
    await placed.webhook()
    assert (await placed.result()).state == "paid"


@pytest.mark.parametrize("is_paid", [True, False])
async def test_a_terminated_order_is_started_again_and_settled(
    system: System, sale: Sale, is_paid: bool
) -> None:
    placed = await sale.place(2)
    if is_paid:
        await placed.pay()
    await placed.handle.terminate("lost")

    async def is_started(swept: Swept) -> bool:
        return swept.orders.restarted == 1

    await swept_until(system, is_started)
    again = Placed(sale, placed.request)
    if not is_paid:

        async def is_open_again() -> bool:
            """Once the new process has found its order."""
            known = await again.handle.query(ids.QUERY_ORDER)
            return known is not None and known["state"] == "open"

        await eventually(is_open_again, what="the order in its new process")
        await again.cancel()
    assert (await again.result()).state == ("paid" if is_paid else "cancelled")
    assert await sale.stock() == ((2, 0) if is_paid else (0, 0))
    assert len(await sale.checkouts()) == 1


async def test_an_older_row_takes_over_the_result(system: System, sale: Sale) -> None:
    placed = await sale.place(2)
    (before,) = await sale.orders()
    await placed.pay()
    await placed.webhook()
    paid = await placed.result()
    await execute(
        system,
        "UPDATE ticket_orders SET state = 'open', paid_at = NULL, closed_at = NULL, "
        "payment_intent_id = NULL, items = (SELECT jsonb_agg(i - 'amount') "
        "FROM jsonb_array_elements(items) AS i) WHERE id = $1",
        before.order_id,
    )
    await execute(system, "UPDATE event_inventory SET sold = 0, held = 2, amount = 0")

    swept = await sweep(system)

    assert swept.orders.restored == 1
    assert await sale.orders() == [paid]
    assert await sale.stock() == (2, 0)


async def test_an_order_that_temporal_does_not_know_is_settled(system: System, sale: Sale) -> None:
    """As after the loss of Temporal's database: Stripe has the outcome."""
    placed = await sale.place(1)
    await placed.pay()
    unknown = sale.request(1)
    await placed.handle.terminate("lost")
    await execute(
        system, "UPDATE ticket_orders SET id = $1 WHERE id = $2", unknown.order_id, placed.order_id
    )

    swept = await sweep(system)

    assert swept.orders.restarted == 1
    assert (await Placed(sale, unknown).result()).state == "paid"
    assert await sale.stock() == (1, 0)
