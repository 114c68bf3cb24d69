"""The workflow of one order: holds tickets, opens a checkout, and sells or releases the tickets.

Postgres has the order, and Stripe has the payment. A run that starts with the same request finds
both, and continues from there: so an order whose process was lost is started again.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.errors import PaymentsRefused, Unavailable
    from domain.orders.messages import AskCheckout, CancelOrder, OrderAnswer
    from domain.orders.order import (
        LOCAL_RECORDS,
        Order,
        OrderRequest,
        OrderState,
    )
    from domain.orders.order_policy import (
        OrderSituation,
        OrderStep,
        ending,
        hold_patience,
        next_look,
        next_step,
        wakes_at,
    )
    from domain.orders.transitions import OrderReason
    from observability import worker_metrics
    from payments.checkout_models import Checkout, CheckoutRequest
    from payments.errors import ACCOUNT_GONE
    from temporal.failures import to_failure
    from temporal.search_attributes import order_changes
    from workflows.order.attempts import Interruption, Opening
    from workflows.order.calls import (
        CALL_FAILURES,
        DATABASE_ATTEMPT,
        CheckoutCalls,
        OrderRecords,
        refusal_code,
        refusal_of,
    )
    from workflows.order.operator_page import Progress, markdown
    from workflows.timer import Timer


_FIRST_UPDATE_PATIENCE: Final = timedelta(seconds=5)
"""A process that replaces a lost one is started without an update."""


@workflow.defn(name=ids.TICKET_ORDER)
class TicketOrder:
    @workflow.init
    def __init__(self, request: OrderRequest) -> None:
        self._request = request
        self._started_at = workflow.now()
        self._order: Order | None = None
        self._wanted_checkout: CheckoutRequest | None = None
        self._checkout: Checkout | None = None
        """As it was last fetched."""
        self._refusal: ApplicationError | None = None
        self._was_asked = False
        self._end_reason: OrderReason | None = None
        self._is_changed = False
        self._look_at: datetime | None = None
        self._wake = Timer("Next check of the checkout")
        self._opening = Opening()
        self._interruption = Interruption()
        self._database = OrderRecords(request.rules)
        self._stripe = CheckoutCalls()

    @workflow.run
    async def run(self, _request: OrderRequest) -> Order:
        """Takes each step when it is due, until the order is final.

        Fails if it sells nothing: the tickets are not for sale, or no checkout can be opened. The
        same order may then be started again.
        """
        while self._refusal is None and (step := await self._due_step()) is not OrderStep.END:
            try:
                await self._take(step)
            except CALL_FAILURES as failure:
                self._refusal = refusal_of(failure)
        if self._refusal is not None:
            worker_metrics.order_refused(self._refusal.type or "unavailable")
            await self._receive_first_update()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._answer()

    async def _receive_first_update(self) -> None:
        """The update that starts an order reaches the worker after its start. A refusal within the
        first workflow task is known earlier, and the update would find no open workflow."""
        if self._was_asked or self._request.rules < LOCAL_RECORDS:
            return
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._was_asked,
                timeout=_FIRST_UPDATE_PATIENCE,
                timeout_summary="Wait for the request that started the order",
            )

    async def _due_step(self) -> OrderStep:
        self._show()
        self._wake.set(wakes_at(self._situation(), workflow.now()))
        await workflow.wait_condition(lambda: self._next_step() is not OrderStep.WAIT)
        return self._next_step()

    def _next_step(self) -> OrderStep:
        return next_step(self._situation(), workflow.now())

    async def _take(self, step: OrderStep) -> None:
        steps: dict[OrderStep, Callable[[], Awaitable[None]]] = {
            OrderStep.HOLD: self._hold,
            OrderStep.OPEN: self._open,
            OrderStep.FIND: self._find,
            OrderStep.WITHDRAW: self._withdraw,
            OrderStep.RECORD: self._record,
            OrderStep.EXPIRE: self._expire,
            OrderStep.LOOK: self._look,
            OrderStep.AWAIT_PAYMENT: self._await_payment,
            OrderStep.CONFIRM: self._confirm,
            OrderStep.RELEASE: self._release,
            OrderStep.CONTINUE_AS_NEW: self._continue_as_new,
        }
        await steps[step]()

    async def _hold(self) -> None:
        patience = hold_patience(self._request, workflow.now() - workflow.info().start_time)
        if not patience:
            self._refusal = to_failure(Unavailable())
            return
        try:
            held = await self._database.hold(self._request, self._started_at, patience)
        except CALL_FAILURES as failure:
            self._refusal = refusal_of(failure)
            if refusal_code(failure) is None:
                await workflow.sleep(DATABASE_ATTEMPT, summary="Wait for the last attempt to end")
                await self._database.withdraw(self._request.order_id)
            return
        self._order, self._wanted_checkout = held.order, held.checkout
        if self._is_resumed:
            self._is_changed = True
            if not workflow.patched(ids.PATCH_ONE_LOOK):
                self._look_at = workflow.now()
            self._opening.resume(held.order)

    async def _open(self) -> None:
        if self._wanted_checkout is None:
            raise RuntimeError("only a held order opens a checkout")
        now = workflow.now()
        request = self._opening.begin(self._wanted_checkout, self._situation(), now)
        self._order = self._held.model_copy(update={"expires_at": request.expires_at})
        try:
            self._checkout = await self._stripe.open(
                self._order, request, self._opening.generation, self._opening.patience(now)
            )
        except ActivityError as failure:
            self._fail_opening(refusal_code(failure))
        else:
            self._interruption.end()

    def _fail_opening(self, code: str | None) -> None:
        """Without an account, no checkout of an earlier attempt can be found or paid."""
        self._opening.fail(code, workflow.now())
        if self._opening.is_refused:
            if code != ACCOUNT_GONE and workflow.patched(ids.PATCH_FIND_REFUSED):
                return
            self._opening.may_exist = False
        if code is not None:
            self._interruption.begin(code, self._situation(), workflow.now())

    async def _find(self) -> None:
        try:
            self._checkout = await self._stripe.find(self._held)
        except ActivityError as failure:
            self._interrupt(failure)
        else:
            self._interruption.end()
            self._opening.may_exist = self._checkout is not None

    async def _withdraw(self) -> None:
        error = PaymentsRefused() if self._opening.is_refused else Unavailable()
        await self._database.withdraw(self._request.order_id)
        self._order, self._refusal = None, to_failure(error)

    async def _record(self) -> None:
        self._order = await self._database.opened(self._held, self._found)

    async def _expire(self) -> None:
        await self._fetch(self._stripe.expire(self._held))

    async def _look(self) -> None:
        await self._fetch(self._stripe.look(self._held))

    async def _await_payment(self) -> None:
        self._order = await self._database.processing(self._held)
        self._look_at = next_look(self._held.created_at, workflow.now())

    async def _confirm(self) -> None:
        self._order = await self._database.confirm(self._held, self._found)
        worker_metrics.order_paid(workflow.now() - self._order.created_at)

    async def _release(self) -> None:
        state, reason = ending(self._situation(), self._end_reason)
        self._order = await self._database.release(self._held, state, reason)

    async def _continue_as_new(self) -> None:
        workflow.continue_as_new(
            self._request.continued(),
            initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )

    async def _fetch(self, call: Awaitable[Checkout]) -> None:
        self._is_changed = False
        try:
            self._checkout = await call
        except ActivityError as failure:
            self._is_changed = True
            self._interrupt(failure)
        else:
            self._interruption.end()
        if self._held.state is OrderState.PROCESSING:
            self._look_at = next_look(self._held.created_at, workflow.now())

    def _interrupt(self, failure: ActivityError) -> None:
        self._interruption.begin(refusal_code(failure), self._situation(), workflow.now())

    @property
    def _held(self) -> Order:
        if self._order is None:
            raise RuntimeError("no tickets are held yet")
        return self._order

    @property
    def _found(self) -> Checkout:
        if self._checkout is None:
            raise RuntimeError("the checkout is not known yet")
        return self._checkout

    @property
    def _is_resumed(self) -> bool:
        """Whether an earlier run has held the tickets."""
        return self._order is not None and self._order.created_at != self._started_at

    def _situation(self) -> OrderSituation:
        order, opening, interruption = self._order, self._opening, self._interruption
        info = workflow.info()
        return OrderSituation(
            state=order.state if order else None,
            created_at=order.created_at if order else None,
            expires_at=order.expires_at if order else None,
            generation=opening.generation,
            window_ends_at=opening.window_ends_at,
            may_exist=opening.may_exist,
            is_refused=opening.is_refused,
            outcome=self._checkout.outcome if self._checkout else None,
            is_changed=self._is_changed,
            look_at=self._look_at,
            not_before=interruption.not_before,
            account_gone_at=interruption.account_gone_at,
            is_ending=self._end_reason is not None,
            new_run_is_suggested=self._end_reason is None
            and workflow.all_handlers_finished()
            and (
                info.is_continue_as_new_suggested()
                or info.is_target_worker_deployment_version_changed()
            ),
        )

    def _show(self) -> None:
        """Updates what operators see in the Temporal UI."""
        if self._order is None:
            return
        updates = order_changes(self._order, self._request.rules)
        if updates:
            workflow.upsert_search_attributes(updates)
        progress = Progress(
            next_look_at=wakes_at(self._situation(), workflow.now()),
            generation=self._opening.generation,
            refused_as=self._interruption.code,
        )
        workflow.set_current_details(markdown(self._order, progress))

    def _answer(self) -> Order:
        """
        Raises:
            ApplicationError: there is no order, and why.
        """
        if self._refusal is not None:
            raise ApplicationError(
                self._refusal.message,
                *self._refusal.details,
                type=self._refusal.type,
                non_retryable=True,
            )
        return self._held

    def _has_answer(self, *states: OrderState) -> bool:
        """Whether the order is final, refused, or in one of these states."""
        if self._refusal is not None or self._order is None:
            return self._refusal is not None
        return not self._order.holds or self._order.state in states

    @workflow.update(
        name=ids.UPDATE_CHECKOUT, description="Returns the order once its checkout is open"
    )
    async def checkout(self, _asked: AskCheckout) -> OrderAnswer:
        is_first, self._was_asked = not self._was_asked, True
        await workflow.wait_condition(
            lambda: self._has_answer(OrderState.OPEN, OrderState.PROCESSING)
        )
        order = self._answer()
        return OrderAnswer(order=order, is_first=is_first and not self._is_resumed)

    @workflow.update(
        name=ids.UPDATE_CANCEL, description="Cancels the order, unless its buyer has paid"
    )
    async def cancel(self, cancel: CancelOrder) -> Order:
        """Returns the order as it is then; the buyer may have paid in the meantime."""
        self._end_reason = self._end_reason or cancel.reason
        await workflow.wait_condition(lambda: self._has_answer(OrderState.PROCESSING))
        return self._answer()

    @workflow.signal(
        name=ids.SIGNAL_CHECKOUT_CHANGED, description="The checkout may have changed at Stripe"
    )
    def checkout_changed(self, _changed: Any = None) -> None:
        self._is_changed = True
        self._interruption.shorten()

    @workflow.signal(name=ids.SIGNAL_CLOSE_SALES, description="Ends the order, unless it is paid")
    def close_sales(self, _closed: Any = None) -> None:
        self._end_reason = self._end_reason or OrderReason.SALES_CLOSED

    @workflow.query(name=ids.QUERY_ORDER, description="The order, once its tickets are held")
    def order(self) -> Order | None:
        return self._order
