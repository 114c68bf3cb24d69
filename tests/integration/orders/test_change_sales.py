"""Pausing, resuming and closing the sales of an event."""

from typing import Any

import pytest
from temporalio.client import WorkflowFailureError

from domain import ids
from domain.actors import Tenant
from domain.errors import EventNotFound, NotOnSale, SalesClosed, SalesPaused
from domain.orders.messages import SalesChange
from domain.publishing.event import SalesSwitch
from tests.support.ticket_orders import Sale, error_of
from tests.support.waiting import eventually


async def change(sale: Sale, wanted: SalesSwitch, key: str, **changed: Any) -> SalesSwitch:
    """
    Raises:
        WizardError: the change is refused.
    """
    tenant = Tenant("user", sale.event["user_id"])
    given = SalesChange(**{"event_id": sale.event_id, "tenant": tenant, "wanted": wanted} | changed)
    try:
        switched: SalesSwitch = await sale.client.execute_workflow(
            ids.CHANGE_SALES,
            given,
            id=ids.change_sales_workflow_id(sale.event_id, key),
            task_queue=ids.ORDERS_TASK_QUEUE,
            result_type=SalesSwitch,
        )
    except WorkflowFailureError as failed:
        raise error_of(failed) from failed
    return switched


async def test_paused_sales_keep_open_orders_and_refuse_new_ones(sale: Sale) -> None:
    placed = await sale.place(1)

    assert await change(sale, SalesSwitch.PAUSED, "1") == "paused"

    with pytest.raises(SalesPaused):
        await sale.ask(sale.request(1))
    assert (await placed.now()).state == "open"
    assert await change(sale, SalesSwitch.ON, "2") == "on"
    await sale.place(1)
    assert await sale.stock() == (0, 2)


async def test_closed_sales_end_open_orders_and_keep_payments(sale: Sale) -> None:
    placed = [await sale.place(1) for _ in range(4)]
    await placed[0].pay()
    await placed[1].pay(delayed=True)

    assert await change(sale, SalesSwitch.CLOSED, "1") == "closed"

    async def is_settled() -> bool:
        return {order.state.value for order in await sale.orders()} == {
            "paid",
            "processing",
            "cancelled",
        }

    await eventually(is_settled, what="orders that are paid, being paid or cancelled")
    assert await sale.stock() == (1, 1)
    assert {(await order.result()).reason for order in placed[2:]} == {"sales_closed"}
    with pytest.raises(NotOnSale):
        await sale.ask(sale.request(1))


async def test_closed_sales_stay_closed(sale: Sale) -> None:
    await change(sale, SalesSwitch.CLOSED, "1")

    with pytest.raises(SalesClosed):
        await change(sale, SalesSwitch.ON, "2")


async def test_another_tenant_finds_no_event(sale: Sale) -> None:
    with pytest.raises(EventNotFound):
        await change(sale, SalesSwitch.PAUSED, "1", tenant=Tenant("user", "eve"))
