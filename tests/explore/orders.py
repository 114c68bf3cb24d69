"""Plays schedules of an order: the buyer pays, by card or by debit, cancels, or leaves."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Self
from uuid import uuid4

from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from domain import ids
from domain.errors import WizardError
from domain.json_values import JsonObject
from domain.orders.messages import OrderAnswer
from domain.orders.order import Order, OrderState
from tests.explore.buyers import BuyerRequests
from tests.explore.opening import Theatre
from tests.explore.played import Played
from tests.explore.rules import OrderEnding, breaches_of_order, busy
from tests.explore.schedules import Schedule
from tests.explore.selling import open_organizer, publish_event
from tests.explore.settling import history_of, queried, settle_run
from tests.explore.striking import Run
from tests.sales.judge import ChargeAtStripe, CheckoutAtStripe, Counts, Evidence, StoredOrder
from tests.support.ticket_orders import Placed, Sale
from tests.support.waiting import eventually

_PAST_THE_CHECKOUT: Final = timedelta(minutes=37)

_MOST_REQUESTS: Final = 4
"""A buyer repeats a request that was refused. Each refusal takes a fault."""

_PLACES: Final = 10_000
_CAUGHT_UP_SECONDS: Final = 30.0

_ORDER: Final = """
SELECT id::text AS order_id, state, items, amount_total, amount_refunded, payment_intent_id
FROM ticket_orders WHERE id = $1
"""
_INVENTORY: Final = """
SELECT
    i.tier_id, i.sold, i.held, i.amount, i.refunded,
    coalesce(sum(t.count) FILTER (WHERE t.state IN ('paid', 'disputed')), 0)::bigint AS sold_before,
    coalesce(sum(t.total) FILTER (WHERE t.state IN ('paid', 'disputed')), 0)::bigint AS paid_before
FROM event_inventory AS i
LEFT JOIN (
    SELECT item ->> 'tier_id' AS tier_id, (item ->> 'quantity')::bigint AS count,
        o.state, o.amount_total AS total
    FROM ticket_orders AS o, jsonb_array_elements(o.items) AS item
    WHERE o.event_id = $1 AND o.id <> $2
) AS t ON i.tier_id IN ('', t.tier_id)
WHERE i.event_id = $1
GROUP BY i.tier_id, i.sold, i.held, i.amount, i.refunded
"""
"""The inventory without the orders that were played before."""


class Shop:
    """An event on sale, whose orders are played one after the other."""

    def __init__(self, theatre: Theatre, sale: Sale) -> None:
        self._theatre = theatre
        self._sale = sale

    @classmethod
    async def open(cls, theatre: Theatre) -> Self:
        organizer = await open_organizer(theatre)
        tiers = [{"name": "Floor", "unit_amount": 2500, "quantity": _PLACES}]
        event = await publish_event(organizer, tiers, capacity=_PLACES)
        return cls(theatre, Sale(theatre.system, theatre.stand_in, organizer.account, event))

    async def play(self, schedule: Schedule) -> Played:
        placed = Placed(self._sale, self._sale.request(2, order_id=str(uuid4())))
        workflow_id = ids.order_workflow_id(placed.order_id)
        requests = BuyerRequests(self._theatre, placed)
        directing = self._theatre.director.directing(workflow_id, schedule, requests.deliver)
        with directing as run:
            visit = Visit(self._theatre, placed)
            order = await visit.ask()
            wanted = await DEEDS[schedule.course](visit, order) if order else None
            is_settled = await visit.settle()
            await requests.all_answered()
        ending = await self._ending(
            placed,
            wanted=wanted,
            is_settled=is_settled,
            is_raced=bool(schedule.arrivals),
            told=requests.told,
            checkout_id=order.checkout_session_id if order else None,
        )
        return await self._played(run, placed, ending)

    async def _played(self, run: Run, placed: Placed, ending: OrderEnding) -> Played:
        breaches = [*breaches_of_order(ending), *busy(len(run.trail.steps))]
        log = list(await history_of(placed.handle)) if breaches else []
        return Played.of(run, ending.state or "refused", breaches, log)

    async def _ending(self, placed: Placed, **known: Any) -> OrderEnding:
        """Once no rule is broken any more: refunds and ends follow an answer after a moment."""
        ending: OrderEnding | None = None

        async def is_right() -> bool:
            nonlocal ending
            evidence = await self._evidence(placed)
            state = evidence.orders[0].state if evidence.orders else None
            ending = OrderEnding(state=state, evidence=evidence, **known)
            return not breaches_of_order(ending)

        with suppress(AssertionError):
            await eventually(is_right, within=_CAUGHT_UP_SECONDS)
        assert ending is not None
        return ending

    async def _evidence(self, placed: Placed) -> Evidence:
        described = await placed.handle.describe()
        (tier,) = self._sale.event["ticket_tiers"]
        rows = await self._theatre.fetch(_ORDER, placed.order_id)
        return Evidence(
            quantities={tier["id"]: _PLACES},
            capacity=_PLACES,
            inventory=await self._inventory(placed),
            orders=[_stored_order(row) for row in rows],
            checkouts=await self._checkouts(placed),
            charges=await self._charges(placed),
            orders_by_key={},
            refused=(),
            open_workflows=[] if described.close_time else [placed.handle.id],
        )

    async def _inventory(self, placed: Placed) -> dict[str, Counts]:
        rows = await self._theatre.fetch(_INVENTORY, self._sale.event_id, placed.order_id)
        return {
            row["tier_id"]: Counts(
                sold=row["sold"] - row["sold_before"],
                held=row["held"],
                amount=row["amount"] - row["paid_before"],
                refunded=row["refunded"],
            )
            for row in rows
        }

    async def _checkouts(self, placed: Placed) -> list[CheckoutAtStripe]:
        return [
            CheckoutAtStripe(item["id"], placed.order_id, item["status"], item["payment_status"])
            for item in await self._objects("checkout.session", placed)
        ]

    async def _charges(self, placed: Placed) -> list[ChargeAtStripe]:
        return [
            ChargeAtStripe(
                payment_intent_id=item["payment_intent"],
                order_id=placed.order_id,
                succeeded=item["status"] == "succeeded",
                amount=item["amount"],
                amount_refunded=item["amount_refunded"],
            )
            for item in await self._objects("charge", placed)
        ]

    async def _objects(self, kind: str, placed: Placed) -> list[JsonObject]:
        found = await self._theatre.stand_in.get("/objects", kind=kind, account=self._sale.account)
        return [item for item in found if item["metadata"].get("order") == placed.order_id]


@dataclass(frozen=True)
class Visit:
    """What a buyer does with one order."""

    theatre: Theatre
    placed: Placed

    async def ask(self) -> Order | None:
        """The order as it is answered; None if each request was refused."""
        for _ in range(_MOST_REQUESTS):
            answer = await self._ask_once()
            if answer is not None:
                return answer.order
            await self.settle()
        return None

    async def _ask_once(self) -> OrderAnswer | None:
        asking = asyncio.create_task(self.placed.sale.ask(self.placed.request))
        await self.settle(asking.done)
        try:
            return await asking
        except WizardError:
            return None

    async def settle(self, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Until the process has ended, or is idle when ``is_over``."""

        async def is_over_now() -> bool:
            return is_over()

        return await settle_run(self.theatre.temporal, self.placed.handle, is_over_now)

    async def settle_processing(self) -> None:
        """Until the order knows that the payment takes days."""

        async def is_processing() -> bool:
            return (await queried(self.placed.now)).state is OrderState.PROCESSING

        await settle_run(self.theatre.temporal, self.placed.handle, is_processing)

    async def pay(self, order: Order, **purchase: Any) -> bool:
        """Whether the checkout could be paid."""
        answer = await self.theatre.stand_in.control.post(
            f"/checkout_sessions/{order.checkout_session_id}/pay", json=purchase
        )
        await self.webhook()
        return answer.is_success

    async def webhook(self) -> None:
        with suppress(RPCError):  # the process may have ended
            await self.placed.webhook()


Deed = Callable[[Visit, Order], Awaitable[str]]
"""Returns the state in which the order should end."""


async def pay(visit: Visit, order: Order) -> str:
    return "paid" if await visit.pay(order) else "expired"


async def pay_by_debit(visit: Visit, order: Order) -> str:
    if not await visit.pay(order, delayed=True):
        return "expired"
    await visit.settle_processing()
    await visit.theatre.stand_in.control.post(
        f"/checkout_sessions/{order.checkout_session_id}/settle", json={"succeeds": True}
    )
    await visit.webhook()
    return "paid"


async def cancel(visit: Visit, order: Order) -> str:
    """If the checkout expires before the cancellation arrives, the API answers with that."""
    cancelling = asyncio.create_task(visit.placed.cancel())
    await visit.settle(cancelling.done)
    try:
        told = await cancelling
    except (WorkflowUpdateFailedError, RPCError):  # the process has ended
        told = await queried(visit.placed.now)
    if not order.holds:
        return order.state.value
    return told.state.value if told.state is OrderState.EXPIRED else "cancelled"


async def leave(visit: Visit, order: Order) -> str:
    with suppress(RPCError):
        await visit.theatre.temporal.fast_forward(visit.placed.handle, _PAST_THE_CHECKOUT)
    return "expired"


DEEDS: Final[Mapping[str, Deed]] = {
    "order": pay,
    "debit": pay_by_debit,
    "cancel": cancel,
    "leave": leave,
}
"""By course."""


def _stored_order(row: Any) -> StoredOrder:
    return StoredOrder(
        order_id=row["order_id"],
        state=row["state"],
        tickets={item["tier_id"]: item["quantity"] for item in json.loads(row["items"])},
        amount_total=row["amount_total"],
        amount_refunded=row["amount_refunded"],
        payment_intent_id=row["payment_intent_id"],
    )
