"""Messages that come early, twice, out of order, or at the same moment as a payment."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from temporalio.service import RPCError

from domain.errors import Unavailable
from tests.support.paid_sessions import start_seller
from tests.support.stand_in import StandIn
from tests.support.system import System, postgres_stopped
from tests.support.ticket_orders import Placed, Sale, open_sale
from tests.support.waiting import eventually

RACES = 5
SESSIONS = "/v1/checkout/sessions"


async def test_an_order_with_a_full_discount_is_paid(
    system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    seller = await start_seller(ada, stand_in)
    saved = await seller.wizard.save("ticketSetup", {"promotionCodes": True})
    assert saved.status_code == 200, saved.text
    await seller.wizard.complete("reviewPublish", {"acceptTerms": True})
    sale = await open_sale(system, stand_in, seller)
    placed = await sale.place(1)

    await placed.pay(discount=2500)
    await placed.webhook()

    order = await placed.result()
    assert (order.state, order.amount_total, order.payment_intent_id) == ("paid", 0, None)
    assert await sale.stock() == (1, 0)


async def test_an_early_webhook_is_not_lost(sale: Sale) -> None:
    """The buyer pays before the order has stored its checkout."""
    await sale.stand_in.fail("drop_after_effect", method="POST", path=SESSIONS)
    request = sale.request(1)
    placed = Placed(sale, request)
    asked = asyncio.create_task(sale.ask(request))
    await eventually(lambda: exists(sale), what="a checkout")
    (checkout,) = await sale.checkouts()
    await sale.stand_in.post(f"/checkout_sessions/{checkout['id']}/pay")
    await placed.webhook()

    assert (await asked).order.state in {"open", "paid"}
    assert (await placed.result()).state == "paid"
    assert await sale.stock() == (1, 0)


async def test_repeated_webhooks_sell_once(sale: Sale) -> None:
    placed = await sale.place(2)
    await asyncio.gather(*(placed.webhook() for _ in range(3)))
    await placed.pay()
    await asyncio.gather(*(placed.webhook() for _ in range(3)), return_exceptions=True)

    assert (await placed.result()).state == "paid"
    assert await sale.stock() == (2, 0)


async def test_a_race_of_payment_and_cancel_has_one_winner(sale: Sale) -> None:
    charged = 0
    for _ in range(RACES):
        placed = await sale.place(1)
        paying, cancelled = await asyncio.gather(pay(placed), placed.cancel())
        assert cancelled.state == ("paid" if paying else "cancelled")
        charged += paying
        assert await sale.stock() == (charged, 0)
        if charged == RACES - 1:
            break


async def test_a_last_second_payment_wins_against_the_expiry(sale: Sale) -> None:
    placed = await sale.place(1)
    expiring = asyncio.create_task(placed.pass_time(timedelta(minutes=36, seconds=5)))
    paid = await pay(placed)
    await expiring

    assert (await placed.result()).state == ("paid" if paid else "expired")
    assert await sale.stock() == (int(paid), 0)


async def test_repeated_cancels_get_the_same_order(sale: Sale) -> None:
    placed = await sale.place(1)
    answers = await asyncio.gather(*(placed.cancel() for _ in range(3)))
    assert {answer.state for answer in answers} == {"cancelled"}


async def test_a_hold_without_postgres_is_withdrawn(sale: Sale) -> None:
    request = sale.request(1)
    placed = Placed(sale, request)
    with postgres_stopped(sale.system):
        asked = asyncio.create_task(sale.ask(request))
        await eventually(lambda: is_retried(placed), what="a failed attempt")
        await placed.pass_time(timedelta(seconds=70))
        with pytest.raises(Unavailable):
            await asked

    await placed.pass_time(timedelta(minutes=1))
    await eventually(lambda: can_be_placed(sale, request.order_id), what="the end of the process")
    assert (await sale.ask(request)).is_first
    assert await sale.stock() == (0, 1)


async def pay(placed: Placed) -> bool:
    """Whether the checkout could still be paid."""
    checkout_id = (await placed.now()).checkout_session_id
    answer: httpx.Response = await placed.sale.stand_in.control.post(
        f"/checkout_sessions/{checkout_id}/pay", json={}
    )
    return answer.is_success


async def exists(sale: Sale) -> bool:
    return bool(await sale.checkouts())


async def is_retried(placed: Placed) -> bool:
    try:
        described = await placed.handle.describe()
    except RPCError:
        return False  # not started yet
    return any(pending.attempt > 1 for pending in described.raw_description.pending_activities)


async def can_be_placed(sale: Sale, order_id: str) -> bool:
    described = await sale.handle(order_id).describe()
    return described.close_time is not None
