"""Orders while Stripe or Postgres is away, refuses calls, or loses answers."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from temporalio.client import WorkflowUpdateStage
from temporalio.exceptions import ApplicationError

from domain import ids
from domain.errors import PaymentsRefused
from domain.orders.messages import CancelOrder
from domain.orders.order import Order
from domain.orders.order_policy import OPENING_WINDOW
from payments.errors import UNAUTHORIZED
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.paid_sessions import start_seller
from tests.support.session_workflow import operator_page_at
from tests.support.stand_in import StandIn
from tests.support.system import System, postgres_stopped, running_worker
from tests.support.ticket_orders import Placed, Sale, open_sale
from tests.support.waiting import eventually

SESSIONS = "/v1/checkout/sessions"
AFTER_WINDOW = OPENING_WINDOW + timedelta(seconds=5)
EXPIRY = timedelta(minutes=36, seconds=5)
LONGEST_PAUSE = timedelta(seconds=40)
"""Longer than the pause before the next attempt of a call that has failed a few times."""


@pytest.mark.parametrize("kind", ["drop_after_effect", "error_after_effect", "truncated_body"])
async def test_a_lost_answer_opens_one_checkout(sale: Sale, kind: str) -> None:
    await sale.stand_in.fail(kind, method="POST", path=SESSIONS)

    placed = await sale.place(1)

    (checkout,) = await sale.checkouts()
    assert checkout["id"] == await placed.checkout_id()


async def test_a_checkout_without_an_answer_is_found(sale: Sale) -> None:
    await sale.stand_in.fail("drop_after_effect", method="POST", path=SESSIONS, times=None)
    request = sale.request(1)
    asked = asyncio.create_task(sale.ask(request))
    await eventually(lambda: has_checkouts(sale), what="a checkout that the order does not know")

    await Placed(sale, request).pass_time(AFTER_WINDOW)

    answer = await asked
    (checkout,) = await sale.checkouts()
    assert answer.order.checkout_session_id == checkout["id"]
    assert await sale.stock() == (0, 1)


async def test_a_refusal_after_a_lost_answer_finds_the_checkout(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    async with running_worker(api, stripe_url=stand_in.url):
        sale = await open_sale(api, stand_in, await start_seller(ada, stand_in))
    request = sale.request(1)
    workflow_id = ids.order_workflow_id(request.order_id)
    faults = [
        Fault(workflow_id, "open_checkout", "after", lose_answer),
        Fault(workflow_id, "open_checkout", "before", fail_for_good, from_call=2),
    ]
    async with running_worker(api, stripe_url=stand_in.url, interceptors=faults):
        answer = await sale.ask(request)

    (checkout,) = await sale.checkouts()
    assert answer.order.checkout_session_id == checkout["id"]
    assert await sale.stock() == (0, 1)


async def test_stripe_away_while_opening_gets_another_checkout(sale: Sale) -> None:
    await sale.stand_in.fail("drop_before_effect", path=SESSIONS, times=None)
    request = sale.request(1)
    placed = Placed(sale, request)
    asked = asyncio.create_task(sale.ask(request))
    await eventually(lambda: is_held(placed), what="a hold")
    await placed.pass_time(AFTER_WINDOW)
    await sale.stand_in.control.delete("/faults")
    await placed.pass_time(LONGEST_PAUSE)

    answer = await asked

    (checkout,) = await sale.checkouts()
    assert answer.order.checkout_session_id == checkout["id"]
    assert answer.order.expires_at > answer.order.created_at + timedelta(minutes=38)
    assert checkout["expires_at"] == int(answer.order.expires_at.timestamp())


async def test_a_cancel_while_opening_waits_for_the_checkout(sale: Sale) -> None:
    await sale.stand_in.fail("drop_before_effect", method="POST", path=SESSIONS, times=None)
    request = sale.request(1)
    placed = Placed(sale, request)
    asked = asyncio.create_task(sale.ask(request))
    await eventually(lambda: is_opening(placed), what="a request to Stripe")

    cancelling = await placed.handle.start_update(
        ids.UPDATE_CANCEL,
        CancelOrder(),
        wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        result_type=Order,
    )
    await sale.stand_in.control.delete("/faults")
    cancelled = await cancelling.result()

    assert (await asked).order.order_id == cancelled.order_id
    assert cancelled.state == "cancelled"
    assert [checkout["status"] for checkout in await sale.checkouts()] == ["expired"]
    assert await sale.stock() == (0, 0)


async def test_stripe_away_while_looking_releases_nothing(sale: Sale) -> None:
    placed = await sale.place(1)
    await placed.pay()
    await sale.stand_in.fail("error_before_effect", path=SESSIONS, times=None)

    await placed.pass_time(EXPIRY)
    await placed.pass_time(timedelta(minutes=30))
    assert await sale.stock() == (0, 1)
    await sale.stand_in.control.delete("/faults")
    await placed.pass_time(timedelta(minutes=6))

    assert (await placed.result()).state == "paid"
    assert await sale.stock() == (1, 0)


async def test_a_declined_checkout_refuses_the_order(sale: Sale) -> None:
    await sale.stand_in.move(sale.account, "restricted")
    request = sale.request(1)

    with pytest.raises(PaymentsRefused):
        await sale.ask(request)

    assert await sale.stock() == (0, 0)
    assert await sale.orders() == []
    await sale.stand_in.move(sale.account, "ready")
    assert (await sale.ask(request)).is_first


async def test_a_lost_account_holds_until_the_checkout_has_expired(sale: Sale) -> None:
    placed = await sale.place(1)
    await sale.stand_in.post(f"/accounts/{sale.account}/disconnect")
    await placed.webhook()
    await placed.pass_time(timedelta(minutes=30))
    assert await sale.stock() == (0, 1)

    await placed.pass_time(timedelta(minutes=7))

    order = await placed.result()
    assert (order.state, order.reason) == ("expired", "account_lost")
    assert await sale.stock() == (0, 0)


async def test_a_refused_key_keeps_the_tickets_held(
    api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    async with running_worker(api, stripe_url=stand_in.url):
        sale = await open_sale(api, stand_in, await start_seller(ada, stand_in))
        placed = await sale.place(1)
        await placed.pay()
    workflow_id = ids.order_workflow_id(placed.order_id)
    fault = Fault(workflow_id, "expire_checkout", "before", refuse_key)
    async with running_worker(api, stripe_url=stand_in.url, interceptors=[fault]):
        await placed.pass_time(EXPIRY)
        await eventually(
            lambda: operator_page_says(placed, "STRIPE_API_KEY"), what="advice for the operator"
        )
        await placed.pass_time(timedelta(hours=3))
        assert await sale.stock() == (0, 1)
    async with running_worker(api, stripe_url=stand_in.url):
        await placed.pass_time(timedelta(minutes=16))
        assert (await placed.result()).state == "paid"


async def test_an_order_outlasts_an_outage_of_postgres(sale: Sale) -> None:
    paid, cancelled = await sale.place(1), await sale.place(1)
    await paid.pay()
    with postgres_stopped(sale.system):
        await paid.webhook()
        cancelling = asyncio.create_task(cancelled.cancel())
        await eventually(lambda: has_failed(paid, "confirm_order"), what="a failed attempt")

    assert (await paid.result()).state == "paid"
    assert (await cancelling).state == "cancelled"
    assert await sale.stock() == (1, 0)


def lose_answer() -> None:
    raise ApplicationError("The answer is lost.", next_retry_delay=timedelta(milliseconds=1))


def refuse_key() -> None:
    raise ApplicationError("The key is refused.", type=UNAUTHORIZED, non_retryable=True)


async def has_checkouts(sale: Sale) -> bool:
    return bool(await sale.checkouts())


async def is_held(placed: Placed) -> bool:
    return any(order.order_id == placed.order_id for order in await placed.sale.orders())


async def is_opening(placed: Placed) -> bool:
    if not await is_held(placed):
        return False
    described = await placed.handle.describe()
    return any(
        pending.activity_type.name == "open_checkout"
        for pending in described.raw_description.pending_activities
    )


async def has_failed(placed: Placed, activity: str) -> bool:
    described = await placed.handle.describe()
    return any(
        pending.activity_type.name == activity and pending.attempt > 1
        for pending in described.raw_description.pending_activities
    )


async def operator_page_says(placed: Placed, text: str) -> bool:
    return text in await operator_page_at(placed.handle)
