"""Records the histories of orders; :mod:`tests.replay.record` runs it."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from domain import ids
from domain.actors import Tenant
from domain.errors import SoldOut
from domain.orders.messages import SalesChange
from domain.orders.order_policy import OPENING_WINDOW
from domain.orders.transitions import ChargeStatus, Payment
from domain.publishing.event import SalesSwitch
from tests.replay.recording import ORDERS, Recording
from tests.support.paid_sessions import start_seller
from tests.support.stand_in import StandIn
from tests.support.system import System
from tests.support.ticket_orders import Placed, Sale, open_sale
from tests.support.waiting import eventually

EXPIRY = timedelta(minutes=36, seconds=5)


@pytest.fixture
async def sale(selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient) -> Sale:
    tier = {"name": "General", "unit_amount": 2500, "quantity": 3, "maxPerOrder": 3}
    seller = await start_seller(ada, stand_in, tier, slug=f"show-{uuid4().hex[:8]}")
    return await open_sale(selling_system, stand_in, seller)


async def record(recording: Recording, name: str, placed: Placed) -> None:
    await placed.result()
    await recording.add_workflow(name, ids.order_workflow_id(placed.order_id), ORDERS)


async def test_order_paid(recording: Recording, sale: Sale) -> None:
    placed = await sale.place(2)
    await sale.ask(placed.request)
    await placed.pay()
    await placed.webhook()
    await record(recording, "order-paid", placed)


async def test_order_expired(recording: Recording, sale: Sale) -> None:
    placed = await sale.place(1)
    await placed.pass_time(EXPIRY)
    await record(recording, "order-expired", placed)


async def test_order_cancelled(recording: Recording, sale: Sale) -> None:
    placed = await sale.place(1)
    await placed.cancel()
    await record(recording, "order-cancelled", placed)


async def test_order_processing(recording: Recording, sale: Sale) -> None:
    """Paid after two days, after looks each hour and each day."""
    placed = await sale.place(1)
    await placed.pay(delayed=True)
    await placed.webhook()

    async def is_processing() -> bool:
        return (await placed.now()).state == "processing"

    await eventually(is_processing, what="an order that is processing")
    await placed.pass_time(timedelta(days=2))
    await placed.settle(succeeds=True)
    await placed.webhook()
    await record(recording, "order-processing", placed)


async def test_order_refused(recording: Recording, sale: Sale) -> None:
    await sale.place(2)
    request = sale.request(2)
    with pytest.raises(SoldOut):
        await sale.ask(request)
    await recording.add_workflow("order-refused", ids.order_workflow_id(request.order_id), ORDERS)


async def test_order_refunded(recording: Recording, sale: Sale) -> None:
    """The process is lost. The one that replaces it finds an order that was refunded."""
    placed = await sale.place(1)
    order = await placed.now()
    await placed.handle.terminate("lost")
    payment = Payment(amount_total=2500, payment_intent_id="pi_1", at=order.created_at)
    async with sale.records() as orders:
        await orders.confirm(order, payment)
        await orders.record_charge(
            order_id=order.order_id,
            payment_intent_id="pi_1",
            account_id=sale.account,
            status=ChargeStatus(amount_refunded=2500, is_refunded=True, at=order.created_at),
        )
    assert (await sale.ask(placed.request)).order.state == "refunded"
    await record(recording, "order-refunded", placed)


async def test_order_resumed(recording: Recording, sale: Sale) -> None:
    """A process without its checkout is started again, and finds it."""
    await sale.stand_in.fail(
        "drop_after_effect", method="POST", path="/v1/checkout/sessions", times=None
    )
    request = sale.request(1)
    placed = Placed(sale, request)
    asked = asyncio.create_task(sale.ask(request))

    async def exists() -> bool:
        return bool(await sale.checkouts())

    await eventually(exists, what="a checkout that the order does not know")
    await placed.pass_time(OPENING_WINDOW + timedelta(seconds=5))
    await asked
    await placed.pay()
    await placed.webhook()
    await record(recording, "order-resumed", placed)


async def test_change_sales(recording: Recording, sale: Sale) -> None:
    await sale.place(1)
    workflow_id = ids.change_sales_workflow_id(sale.event_id, "close")
    await sale.client.execute_workflow(
        ids.CHANGE_SALES,
        SalesChange(
            event_id=sale.event_id,
            tenant=Tenant("user", sale.event["user_id"]),
            wanted=SalesSwitch.CLOSED,
        ),
        id=workflow_id,
        task_queue=ids.ORDERS_TASK_QUEUE,
    )
    await recording.add_workflow("change-sales", workflow_id)
