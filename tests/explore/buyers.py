"""What a buyer asks for, and what Stripe reports, while the steps of the order run."""

from contextlib import suppress
from typing import Any, Final

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain import ids
from domain.orders.messages import CancelOrder, OrderAnswer
from domain.orders.order import Order
from domain.orders.transitions import OrderReason
from tests.explore.messages import Message
from tests.explore.opening import Theatre
from tests.explore.requests import Requests
from tests.support.ticket_orders import Placed

_CHANGES: Final = {
    Message.PAID: ("pay", {}),
    Message.EXPIRED: ("expire", {}),
    Message.FAILED: ("settle", {"succeeds": False}),
}
"""What happens to the checkout at Stripe."""


class BuyerRequests(Requests):
    """``told`` has the state and the checkout of the order with which each request was answered."""

    def __init__(self, theatre: Theatre, placed: Placed) -> None:
        super().__init__()
        self._theatre = theatre
        self._placed = placed
        self.told: list[tuple[str, str, str | None]] = []

    async def send(self, message: Message) -> None:
        if message in _CHANGES:
            await self._change_checkout(message)
        else:
            await self._ask(message)

    async def _change_checkout(self, message: Message) -> None:
        """Stripe sends a webhook, also if another change came first."""
        action, body = _CHANGES[message]
        for checkout in await self._checkouts():
            changed = await self._theatre.stand_in.control.post(
                f"/checkout_sessions/{checkout}/{action}", json=body
            )
            self.keep(message, changed.text, is_accepted=changed.is_success)
        with suppress(RPCError):  # the process has ended
            await self._placed.webhook()

    async def _checkouts(self) -> list[str]:
        found = await self._theatre.stand_in.get(
            "/objects", kind="checkout.session", account=self._placed.sale.account
        )
        order_id = self._placed.order_id
        return [item["id"] for item in found if item["metadata"].get("order") == order_id]

    async def _ask(self, message: Message) -> None:
        """Until the process has the request; its answer may take as long as the order."""
        try:
            update = await (self._cancel() if message is Message.CANCEL else self._order_again())
        except (RPCError, WorkflowAlreadyStartedError) as error:  # the process has ended
            self.keep(message, str(error), is_accepted=False)
            return
        self.in_background(self._answer(message, update))

    async def _answer(self, message: Message, update: Any) -> None:
        try:
            answer = await update.result()
        except (WorkflowUpdateFailedError, RPCError) as error:
            self.keep(message, str(error), is_accepted=False)
            return
        order = answer.order if isinstance(answer, OrderAnswer) else answer
        self.told.append((message, order.state.value, order.checkout_session_id))
        self.keep(message, order.state.value)

    async def _cancel(self) -> Any:
        return await self._placed.handle.start_update(
            ids.UPDATE_CANCEL,
            CancelOrder(reason=OrderReason.BUYER),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            result_type=Order,
        )

    async def _order_again(self) -> Any:
        return await self._placed.sale.start_asking(
            self._placed.request, WorkflowUpdateStage.ACCEPTED
        )
