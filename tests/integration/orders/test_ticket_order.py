"""The process of an order: from the hold to the sale, or to the return of the tickets."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import (
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
)

from domain.errors import SoldOut, Unavailable
from tests.support.ticket_orders import Placed, Sale
from tests.support.waiting import eventually

EXPIRY = timedelta(minutes=36, seconds=5)


async def test_a_paid_order_sells_its_tickets(sale: Sale) -> None:
    placed = await sale.place(2)
    opened = await placed.now()
    assert (opened.state, await sale.stock()) == ("open", (0, 2))

    await placed.pay()
    await placed.webhook()

    order = await placed.result()
    assert (order.state, order.amount_total, order.items[0].amount) == ("paid", 5000, 5000)
    assert order.payment_intent_id is not None
    assert await sale.stock() == (2, 0)


async def test_an_order_without_a_webhook_is_paid_after_its_expiry(sale: Sale) -> None:
    placed = await sale.place(1)
    await placed.pay()

    await placed.pass_time(EXPIRY)

    assert (await placed.result()).state == "paid"
    assert await sale.stock() == (1, 0)


async def test_an_unpaid_order_expires_without_a_webhook(sale: Sale) -> None:
    placed = await sale.place(3)
    checkout_id = await placed.checkout_id()

    await placed.pass_time(EXPIRY)

    order = await placed.result()
    assert (order.state, order.reason, order.checkout_url) == ("expired", "not_paid", None)
    assert await sale.stock() == (0, 0)
    (checkout,) = await sale.checkouts()
    assert (checkout["id"], checkout["status"]) == (checkout_id, "expired")


async def test_a_repeat_gets_the_same_checkout(sale: Sale) -> None:
    request = sale.request(1)
    answers = await asyncio.gather(*(sale.ask(request) for _ in range(3)))

    assert {answer.order.checkout_url for answer in answers} == {answers[0].order.checkout_url}
    assert sorted(answer.is_first for answer in answers) == [False, False, True]
    assert len(await sale.checkouts()) == 1
    assert await sale.stock() == (0, 1)


async def test_a_refused_order_can_be_placed_again(sale: Sale) -> None:
    first = await sale.place(4)
    request = sale.request(2)

    with pytest.raises(SoldOut) as refused:
        await sale.ask(request)

    assert refused.value.extra["tiers"][0]["left"] == 1
    handle = sale.handle(request.order_id)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    await first.cancel()
    answer = await sale.ask(request)
    assert (answer.order.state, answer.is_first) == ("open", True)
    assert await sale.stock() == (0, 2)


async def test_an_order_that_starts_too_late_holds_nothing(sale: Sale) -> None:
    request = sale.request(1, hold_within=timedelta(0))

    with pytest.raises(Unavailable):
        await sale.ask(request)

    assert await sale.stock() == (0, 0)
    on_time = sale.request(1, order_id=request.order_id)
    assert (await sale.ask(on_time)).order.state == "open"


async def test_a_cancelled_order_cannot_be_paid(sale: Sale) -> None:
    placed = await sale.place(1)

    cancelled = await placed.cancel()

    assert (cancelled.state, cancelled.reason) == ("cancelled", "buyer")
    assert await placed.result() == cancelled
    assert [checkout["status"] for checkout in await sale.checkouts()] == ["expired"]
    assert await sale.stock() == (0, 0)


async def test_a_payment_before_the_cancel_is_kept(sale: Sale) -> None:
    placed = await sale.place(1)
    await placed.pay()

    assert (await placed.cancel()).state == "paid"

    assert await sale.stock() == (1, 0)


@pytest.mark.parametrize(
    ("succeeds", "state", "reason", "stock"),
    [(True, "paid", None, (1, 0)), (False, "expired", "payment_failed", (0, 0))],
)
async def test_a_payment_that_takes_days_holds_its_tickets(
    sale: Sale, succeeds: bool, state: str, reason: str | None, stock: tuple[int, int]
) -> None:
    placed = await sale.place(1)
    await placed.pay(delayed=True)
    await placed.webhook()
    await eventually(lambda: is_in(placed, "processing"), what="an order that is processing")
    assert (await placed.cancel()).state == "processing"
    await placed.pass_time(timedelta(hours=5))
    assert (await placed.now()).state == "processing"

    await placed.settle(succeeds=succeeds)
    await placed.pass_time(timedelta(hours=1, minutes=1))

    order = await placed.result()
    assert (order.state, order.reason) == (state, reason)
    assert await sale.stock() == stock


async def test_an_order_whose_process_was_lost_continues(sale: Sale) -> None:
    placed = await sale.place(1)
    await placed.handle.terminate("lost")
    await placed.pay()

    answer = await sale.ask(placed.request)

    assert (answer.is_first, answer.order.state) in {(False, "open"), (False, "paid")}
    assert (await placed.result()).state == "paid"
    assert await sale.stock() == (1, 0)
    assert len(await sale.checkouts()) == 1


async def test_an_order_that_continues_looks_at_its_open_checkout_once(sale: Sale) -> None:
    placed = await sale.place(1)
    await placed.handle.terminate("lost")

    await sale.ask(placed.request)

    await eventually(lambda: is_idle(placed), what="an order that waits for its buyer")
    history = await placed.handle.fetch_history()
    scheduled = [event.activity_task_scheduled_event_attributes for event in history.events]
    assert [task.activity_type.name for task in scheduled].count("look_at_checkout") == 1
    await placed.pay()
    await placed.webhook()
    assert (await placed.result()).state == "paid"


async def test_a_signal_of_closed_sales_ends_the_order(sale: Sale) -> None:
    placed = await sale.place(1)

    await placed.handle.signal("close_sales", {})

    order = await placed.result()
    assert (order.state, order.reason) == ("cancelled", "sales_closed")
    description = await placed.handle.describe()
    assert description.status is WorkflowExecutionStatus.COMPLETED
    attributes = attributes_in(description)
    assert attributes["OrderState"] == "cancelled"
    assert attributes["OrderEventId"] == sale.event_id


async def test_an_open_order_is_searched_as_held(sale: Sale) -> None:
    placed = await sale.place(1)

    attributes = attributes_in(await placed.handle.describe())

    assert (await placed.now()).state == "open"
    assert attributes["OrderState"] == "held"


def attributes_in(description: WorkflowExecutionDescription) -> dict[str, object]:
    return {pair.key.name: pair.value for pair in description.typed_search_attributes}


async def is_in(placed: Placed, state: str) -> bool:
    return (await placed.now()).state == state


async def is_idle(placed: Placed) -> bool:
    described = (await placed.handle.describe()).raw_description
    has_task = described.HasField("pending_workflow_task")
    return not has_task and not described.pending_activities
