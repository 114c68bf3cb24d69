"""Orders: begins, reads and cancels them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import SecretStr
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.sessions.idempotency import fingerprint
from api.sessions.rpc_errors import Interrupted, NoOpenWorkflow, temporal_errors
from api.sessions.turns import Lanes, MessageSlots
from db.order_reads import OrderReads
from domain import ids
from domain.errors import (
    IdempotencyKeyReused,
    NotOnSale,
    OrderClosed,
    OrderNotFound,
    PaymentsRefused,
    SalesPaused,
    SoldOut,
    Unavailable,
)
from domain.orders.holding import decide
from domain.orders.messages import AskCheckout, CancelOrder, OrderAnswer
from domain.orders.order import (
    NEWEST_ORDER_RULES,
    Order,
    OrderRequest,
    OrderState,
    PublicOrder,
    WantedItem,
)
from domain.publishing.event import Event
from temporal.order_starts import order_start

ORDER_SLOTS: Final = 64
"""Messages about orders of an API process that may wait for an answer at the same time. They wait
for Stripe too, so they take longer than those of sessions. A rush of 50 buyers at once needs 50."""

ANSWER_TIMEOUT: Final = 10.0
"""Seconds to wait for the checkout of an order, or for its cancellation."""

_PAUSES: Final = (0.01, 0.05, 0.25, 1.0)
"""Seconds between attempts, if the process of a refused order ends at the same moment."""

_GIVEN_BACK: Final = frozenset({OrderState.CANCELLED, OrderState.EXPIRED})

_NOT_CANCELLED: Final = {
    OrderState.PROCESSING: "The payment has begun and can no longer be stopped.",
    OrderState.PAID: "The order is paid. Ask the organizer for a refund.",
    OrderState.DISPUTED: "The order is paid, and its payment is disputed.",
    OrderState.REFUNDED: "The order is refunded already.",
}


@dataclass(frozen=True)
class BegunOrder:
    order: Order
    is_new: bool
    """False for a repeat of an earlier request."""
    is_pending: bool = False
    """The tickets are held, and the checkout is not open yet."""


class OrderClient:
    """Every method raises DatabaseUnavailable."""

    def __init__(
        self,
        client: Client,
        reads: OrderReads,
        *,
        id_secret: SecretStr,
        holds_per_address: int,
    ) -> None:
        self._client = client
        self._reads = reads
        self._id_secret = id_secret.get_secret_value()
        self._holds_per_address = holds_per_address
        self._slots = MessageSlots(ORDER_SLOTS)
        self._cancelling = Lanes()
        self._beginning = Lanes()

    async def begin(
        self,
        event: Event,
        items: Sequence[WantedItem],
        key: str,
        address: str,
        page_url: str,
        *,
        has_left: Callable[[], Awaitable[bool]],
    ) -> BegunOrder:
        """Holds the tickets and opens the checkout, or returns the order that the key began.

        Args:
            key: the buyer's key, which gives access to the order.
            address: by which the open holds of one buyer are counted.
            page_url: to which Stripe sends the buyer back.
            has_left: whether the buyer has dropped the request.

        Raises:
            InvalidRequest, NotOnSale, SalesPaused, SoldOut: as
                :func:`domain.orders.holding.decide`.
            RateLimited: the address has too many open holds.
            IdempotencyKeyReused: the key began an order of other tickets.
            PaymentsRefused: Stripe declined to open a checkout.
            Unavailable: it is not known whether tickets are held, or an earlier request of the
                order is not answered yet; a repeat is safe. Also if the buyer has left.
        """
        request = OrderRequest(
            order_id=ids.order_id_for_key(self._id_secret, event.event_id, key),
            event_id=event.event_id,
            items=list(items),
            fingerprint=_fingerprint(items),
            holder=ids.holder_of(self._id_secret, event.event_id, address),
            max_holds=self._holds_per_address,
            page_url=page_url,
            hold_within=timedelta(seconds=ANSWER_TIMEOUT),
            rules=NEWEST_ORDER_RULES,
        )
        # A repeat must not be refused while the first request is about to start the process. It
        # waits for a limited time: if a buyer repeats a request often, each waits for all before.
        async with self._beginning.lane(request.order_id, within=ANSWER_TIMEOUT):
            # The repeat of a dropped request may be handled first, and refused as sold out. Tickets
            # that are held after that would be held for a buyer who does not know of them.
            if await has_left():
                raise Unavailable
            return await self._begin(event, request)

    async def _begin(self, event: Event, request: OrderRequest) -> BegunOrder:
        """As :meth:`begin`, for one request of an order at a time."""
        stored = await self._stored(request)
        if stored is not None and stored.state is not OrderState.HELD:
            return BegunOrder(stored, is_new=False)
        if stored is None:
            await self._require_on_sale(event, request)
        try:
            answer = await self._checkout(request)
        except Unavailable:
            stored = await self._stored(request)
            if stored is None:
                raise
            return BegunOrder(stored, is_new=False, is_pending=stored.state is OrderState.HELD)
        require_same_items(answer.order, request.items)
        return BegunOrder(answer.order, is_new=answer.is_first)

    async def _require_on_sale(self, event: Event, request: OrderRequest) -> None:
        """Refuses what is not for sale now, so that it starts no process: after the last ticket is
        sold, a rush of buyers costs two reads and a look at Temporal each. The hold decides again.

        A refusal is void if an earlier request of the same order is still in progress, or has taken
        the tickets: only its process knows whether it gets them.
        """
        stocks, account_lost = await self._reads.public_stocks(event.event_id)
        try:
            decide(event, stocks, request.items, datetime.now(UTC), account_lost=account_lost)
        except (NotOnSale, SalesPaused, SoldOut):
            if not await self._is_in_progress(request) and await self._stored(request) is None:
                raise

    async def _is_in_progress(self, request: OrderRequest) -> bool:
        """Whether an earlier request has started the order's process, and it still runs.

        Raises:
            Unavailable: Temporal does not answer.
        """
        handle = self._client.get_workflow_handle(ids.order_workflow_id(request.order_id))
        try:
            with temporal_errors():
                described = await handle.describe(rpc_timeout=timedelta(seconds=ANSWER_TIMEOUT))
        except NoOpenWorkflow:
            return False
        return described.status is WorkflowExecutionStatus.RUNNING

    async def get(self, order_id: str) -> Order:
        """
        Raises:
            OrderNotFound: there is no such order.
        """
        order = await self._reads.public_order(order_id)
        if order is None:
            raise OrderNotFound
        return order

    async def cancel(self, order_id: str) -> Order:
        """Gives the tickets of an unpaid order back. A repeat returns the same.

        Raises:
            OrderNotFound: there is no such order.
            OrderClosed: the order is paid, or its payment has begun.
            Unavailable: it is not known whether the checkout was paid; a repeat is safe.
        """
        order = await self.get(order_id)
        if order.holds:
            order = await self._cancelled(order)
        if order.state not in _GIVEN_BACK:
            raise OrderClosed(
                _NOT_CANCELLED.get(order.state),
                extra={"order": PublicOrder.of(order).model_dump(mode="json")},
            )
        return order

    async def checkout_changed(self, order_id: str, checkout_id: str) -> bool:
        """Signals the process of an order that its checkout may have changed.

        Returns:
            Whether the order is open.

        Raises:
            RPCError, RuntimeError: Temporal has not accepted the signal, or its answer was lost.
                Also if it does not know the process of an order that holds tickets: a server that
                is starting does not know its namespace yet.
            DatabaseUnavailable: it is not known whether the order is open.
        """
        handle = self._client.get_workflow_handle(ids.order_workflow_id(order_id))
        try:
            await handle.signal(ids.SIGNAL_CHECKOUT_CHANGED, {"checkout_id": checkout_id})
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND or await self._holds(order_id):
                raise
            return False
        return True

    async def _holds(self, order_id: str) -> bool:
        order = await self._reads.public_order(order_id)
        return order is not None and order.holds

    async def _stored(self, request: OrderRequest) -> Order | None:
        """
        Raises:
            IdempotencyKeyReused: the key began an order of other tickets.
        """
        stored = await self._reads.public_order(request.order_id)
        if stored is not None:
            require_same_items(stored, request.items)
        return stored

    async def _checkout(self, request: OrderRequest) -> OrderAnswer:
        """Starts the order's process, or joins the running one, and waits for the checkout.

        Raises:
            WizardError: as the process refuses the order.
            Unavailable: no answer in time, or the process has ended.
        """
        with temporal_errors():
            async with self._slots.slot(), asyncio.timeout(ANSWER_TIMEOUT):
                for pause in _PAUSES:
                    try:
                        with temporal_errors():
                            return await self._ask_for_checkout(request)
                    except (Interrupted, NoOpenWorkflow):
                        await asyncio.sleep(pause)
                    except WorkflowAlreadyStartedError as error:
                        raise Unavailable from error
        raise Unavailable

    async def _ask_for_checkout(self, request: OrderRequest) -> OrderAnswer:
        start: WithStartWorkflowOperation[object, Order] = WithStartWorkflowOperation(
            ids.TICKET_ORDER,
            request,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            **order_start(request),
        )
        # A start that fails, such as one whose buyer has left, fails in the handle as well. asyncio
        # logs a failure that nothing retrieves.
        handle = asyncio.create_task(start.workflow_handle())
        try:
            answer: OrderAnswer = await self._client.execute_update_with_start_workflow(
                ids.UPDATE_CHECKOUT,
                AskCheckout(),
                start_workflow_operation=start,
                result_type=OrderAnswer,
            )
        finally:
            handle.cancel()
            await asyncio.gather(handle, return_exceptions=True)
        return answer

    async def _cancelled(self, order: Order) -> Order:
        """The order once it is final."""
        handle = self._client.get_workflow_handle(ids.order_workflow_id(order.order_id))
        try:
            with temporal_errors():
                async with (
                    asyncio.timeout(ANSWER_TIMEOUT),
                    self._cancelling.lane(order.order_id),
                    self._slots.slot(),
                ):
                    final: Order = await handle.execute_update(
                        ids.UPDATE_CANCEL, CancelOrder(), result_type=Order
                    )
        except PaymentsRefused as error:  # there was no checkout yet, and the hold is withdrawn
            raise OrderNotFound from error
        except (Interrupted, NoOpenWorkflow) as error:
            final = await self.get(order.order_id)
            if final.holds:
                raise Unavailable from error
        return final


def _fingerprint(items: Sequence[WantedItem]) -> str:
    """Equal for the same tickets in another order."""
    return fingerprint(
        ids.TICKET_ORDER,
        sorted((item.tier_id, item.quantity, item.unit_amount or 0) for item in items),
    )


def require_same_items(order: Order, items: Sequence[WantedItem]) -> None:
    """
    Raises:
        IdempotencyKeyReused: the order has other tickets.
    """
    if order.fingerprint != _fingerprint(items):
        raise IdempotencyKeyReused
