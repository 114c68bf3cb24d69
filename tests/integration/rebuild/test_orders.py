"""``python -m rebuild`` restores orders and inventory from Temporal."""

import json
from uuid import uuid4

import httpx

from db.pool import create_pool
from domain import ids
from rebuild.command import Rebuild, RebuildResult
from tests.integration.rebuild.read_model import lose, rows_of
from tests.support.paid_sessions import start_seller
from tests.support.postgres import as_owner
from tests.support.session_rows import complete_session_rows
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.temporal import listed
from tests.support.ticket_orders import Placed, Sale, open_sale


async def rebuilt(system: System) -> RebuildResult:
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    try:
        return await Rebuild(system.temporal.client, pool).run()
    finally:
        await pool.close()


async def paid(sale: Sale, quantity: int) -> str:
    """The id of the payment."""
    placed = await sale.place(quantity)
    await placed.pay()
    await placed.webhook()
    return (await placed.result()).payment_intent_id or ""


def query_of(kind: str, status: str) -> str:
    return f'WorkflowType = "{kind}" AND ExecutionStatus = "{status}"'


async def refund(sale: Sale, payment_intent: str, **amount: int) -> None:
    """With the process of the event of Stripe."""
    charge = await sale.stand_in.post(f"/payment_intents/{payment_intent}/refund", **amount)
    event_id = f"evt_{uuid4().hex}"
    reference = {"type": "charge", "id": charge["id"], "payment_intent": payment_intent}
    async with as_owner(sale.system.database) as connection:
        await connection.execute(
            "INSERT INTO stripe_events (id, type, account_id, livemode, payload, created_at) "
            "VALUES ($1, 'charge.refunded', $2, false, $3, now())",
            event_id,
            sale.account,
            json.dumps({"reference": reference}),
        )
    await sale.client.execute_workflow(
        ids.WIZARD_STRIPE_EVENT,
        event_id,
        id=ids.stripe_event_workflow_id(event_id),
        task_queue=ids.TASK_QUEUE,
    )


async def test_orders_and_inventory_are_restored(
    api: System, ada: httpx.AsyncClient, stand_in: StandIn
) -> None:
    """Open, paid, cancelled, refunded in part and in full; an order that was refused has no row."""
    async with running_worker(api, stripe_url=stand_in.url):
        seller = await start_seller(
            ada, stand_in, {"name": "General", "unit_amount": 2500, "quantity": 9}
        )
        sale = await open_sale(api, stand_in, seller)
        opened, cancelled = await sale.place(1), await sale.place(1)
        await cancelled.cancel()
        await cancelled.result()
        await paid(sale, 2)
        await refund(sale, await paid(sale, 1), amount=700)
        await refund(sale, await paid(sale, 3))
        await complete_session_rows(api.database, api.temporal.client, seller.wizard.session_id)
        await listed(api.temporal.client, query_of(ids.TICKET_ORDER, "Running"), 1)
        await listed(api.temporal.client, query_of(ids.TICKET_ORDER, "Completed"), 4)
        await listed(api.temporal.client, query_of(ids.WIZARD_STRIPE_EVENT, "Completed"), 2)
        before = await rows_of(api.database)
        assert sorted(row["state"] for row in before["ticket_orders"]) == [
            *("cancelled", "open", "paid", "paid", "refunded"),
        ]
        await lose(api.database)

        for _ in range(2):
            result = await rebuilt(api)

            assert (result.orders, result.failed) == (5, {})
            assert await rows_of(api.database) == before
        assert await sale.stock() == (3, 1)
        await Placed(sale, opened.request).pay()
        await opened.webhook()
        assert (await opened.result()).state == "paid"


async def test_the_newest_switch_of_the_sales_is_restored(
    api: System, ada: httpx.AsyncClient, stand_in: StandIn
) -> None:
    async with running_worker(api, stripe_url=stand_in.url):
        seller = await start_seller(
            ada, stand_in, {"name": "General", "unit_amount": 2500, "quantity": 9}
        )
        sale = await open_sale(api, stand_in, seller)
        for action in ("pause", "resume", "pause"):
            answer = await ada.post(
                f"/v1/events/{sale.event_id}/sales/{action}",
                headers={"Idempotency-Key": uuid4().hex},
            )
            assert answer.status_code == 200, answer.text
        await complete_session_rows(api.database, api.temporal.client, seller.wizard.session_id)
        await listed(api.temporal.client, query_of(ids.CHANGE_SALES, "Completed"), 3)
        before = await rows_of(api.database)
        await lose(api.database)

        assert (await rebuilt(api)).failed == {}

        after = await rows_of(api.database)
    assert [row["sales"] for row in after["events"]] == ["paused"]
    assert after["events"] == before["events"]


async def test_a_rebuild_keeps_newer_orders(
    api: System, ada: httpx.AsyncClient, stand_in: StandIn
) -> None:
    async with running_worker(api, stripe_url=stand_in.url):
        seller = await start_seller(
            ada, stand_in, {"name": "General", "unit_amount": 2500, "quantity": 9}
        )
        sale = await open_sale(api, stand_in, seller)
        await refund(sale, await paid(sale, 2))
        await sale.place(1)
        before = await rows_of(api.database)

        await rebuilt(api)

        after = await rows_of(api.database)
    for table in ("ticket_orders", "event_inventory"):
        assert after[table] == before[table]
