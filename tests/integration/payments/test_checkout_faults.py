"""Whatever happens to a request: an order has one checkout that can be paid."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

import pytest
from stripe import HTTPXClient

from dev.stripe_stand_in.protocol.faults import TEMPORARY, FaultKind
from domain.orders.order import CheckoutOutcome
from payments.adapter import StripeAdapter
from payments.catalogue import PAGE
from payments.checkout_models import Checkout, CheckoutRequest
from payments.errors import PaymentsError
from tests.integration.payments.checkout_requests import Organizer, new_organizer, tier
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

SESSIONS = "/v1/checkout/sessions"
TIMEOUT = 2.0
SLOW_SECONDS = 3
"""Longer than the timeout."""

Result = TypeVar("Result")


@pytest.fixture
async def organizer(stand_in: StandIn) -> AsyncIterator[Organizer]:
    http_client = HTTPXClient(timeout=TIMEOUT)
    adapter = StripeAdapter("sk_test_1", api_base=stand_in.url, http_client=http_client)
    yield await new_organizer(stand_in, adapter)
    await adapter.close()


@pytest.fixture
async def order(organizer: Organizer) -> CheckoutRequest:
    return await organizer.offer(tier(1))


async def retried(call: Callable[[], Awaitable[Result]]) -> Result:
    """The result after as many attempts as are needed; each error must allow another one."""

    async def attempt() -> Result | None:
        try:
            return await call()
        except PaymentsError as error:
            if not error.retryable:
                raise
            return None

    return await eventually(attempt, what="an attempt without an error")


async def opened(organizer: Organizer, order: CheckoutRequest, generation: int = 1) -> Checkout:
    return await retried(lambda: organizer.adapter.open_checkout(order, generation))


async def found(organizer: Organizer, order: CheckoutRequest) -> Checkout | None:
    return await organizer.adapter.find_checkout(
        organizer.account, order.order_id, order.created_at
    )


@pytest.mark.parametrize("kind", TEMPORARY)
async def test_a_fault_while_opening_leaves_one_checkout(
    organizer: Organizer, order: CheckoutRequest, kind: FaultKind
) -> None:
    await organizer.stand_in.fail(kind, method="POST", path=SESSIONS, seconds=SLOW_SECONDS)

    checkout = await opened(organizer, order)

    assert (checkout.outcome, checkout.amount_total) == (CheckoutOutcome.OPEN, 5_000)
    (session,) = await organizer.sessions()
    assert (session["id"], session["url"]) == (checkout.id, checkout.url)
    assert await organizer.stand_in.get("/faults") == []


@pytest.mark.parametrize("kind", TEMPORARY)
async def test_a_fault_while_expiring_does_not_hide_a_payment(
    organizer: Organizer, order: CheckoutRequest, kind: FaultKind
) -> None:
    checkout = await opened(organizer, order)
    await organizer.pay(checkout)
    await organizer.stand_in.fail(
        kind, method="POST", path=f"{SESSIONS}/{checkout.id}", seconds=SLOW_SECONDS
    )

    kept = await retried(lambda: organizer.adapter.expire_checkout(organizer.account, checkout.id))

    assert (kept.outcome, kept.amounts) == (CheckoutOutcome.PAID, {"tier-1": 5_000})


@pytest.mark.parametrize("kind", TEMPORARY)
async def test_a_fault_while_expiring_still_ends_the_checkout(
    organizer: Organizer, order: CheckoutRequest, kind: FaultKind
) -> None:
    checkout = await opened(organizer, order)
    await organizer.stand_in.fail(
        kind, method="POST", path=f"{SESSIONS}/{checkout.id}", seconds=SLOW_SECONDS
    )

    ended = await retried(lambda: organizer.adapter.expire_checkout(organizer.account, checkout.id))

    assert ended.outcome is CheckoutOutcome.EXPIRED


async def test_a_checkout_is_opened_after_stripe_forgot_the_key(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    """The process finds the first one before it opens another."""
    await organizer.stand_in.fail(FaultKind.DROP_AFTER_EFFECT, method="POST", path=SESSIONS)
    with pytest.raises(PaymentsError):
        await organizer.adapter.open_checkout(order, 1)
    await organizer.stand_in.post("/idempotency/expire")

    lost = await found(organizer, order)

    (session,) = await organizer.sessions()
    assert lost is not None
    assert (lost.id, lost.outcome) == (session["id"], CheckoutOutcome.OPEN)


async def test_simultaneous_attempts_open_one_checkout(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    checkouts = await asyncio.gather(*(opened(organizer, order) for _ in range(5)))
    assert len({checkout.url for checkout in checkouts}) == 1
    assert len(await organizer.sessions()) == 1


async def test_of_several_checkouts_one_stays_open(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    for generation in (1, 2, 3):
        await opened(organizer, order, generation)

    kept = await found(organizer, order)

    assert kept is not None
    states = {session["id"]: session["status"] for session in await organizer.sessions()}
    assert states.pop(kept.id) == "open"
    assert set(states.values()) == {"expired"}


async def test_of_several_checkouts_the_paid_one_is_found(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    first, second = [await opened(organizer, order, generation) for generation in (1, 2)]
    await organizer.pay(first)

    kept = await found(organizer, order)

    assert kept is not None
    assert (kept.id, kept.outcome) == (first.id, CheckoutOutcome.PAID)
    assert (await organizer.look_at(second)).outcome is CheckoutOutcome.EXPIRED


async def test_a_checkout_is_found_behind_a_page_of_others(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    wanted = await opened(organizer, order)
    others = [order.model_copy(update={"order_id": str(uuid4())}) for _ in range(PAGE + 1)]
    for other in others:
        await opened(organizer, other)

    assert await found(organizer, order) == wanted
    assert await found(organizer, order.model_copy(update={"order_id": str(uuid4())})) is None


async def test_a_checkout_from_before_the_hold_is_not_found(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    await opened(organizer, order)
    later = order.model_copy(update={"created_at": order.created_at + timedelta(minutes=10)})
    assert await found(organizer, later) is None
