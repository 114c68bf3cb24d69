"""The sales of an event: reads them, pauses, resumes and closes them."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError, WorkflowAlreadyStartedError

from api.orders.client import ANSWER_TIMEOUT
from api.sessions.idempotency import Attempt
from api.sessions.rpc_errors import temporal_errors
from db.order_reads import OrderReads
from db.pages import Page
from db.reads import EventReads
from domain import ids
from domain.actors import Actor
from domain.errors import EventNotFound, IdempotencyKeyReused, PermissionMissing, WizardError
from domain.orders.inventory import Stocks, sold_tiers
from domain.orders.messages import SalesChange
from domain.orders.order import Order
from domain.orders.public_event import PublicEvent, public_event
from domain.orders.sales import SalesView, sales_view
from domain.publishing.event import Event, SalesSwitch
from temporal.failures import to_error
from temporal.order_starts import TASK_TIMEOUT


@dataclass(frozen=True)
class ChangedSales:
    view: SalesView
    """The sales as they are now."""
    is_repeat: bool


class SalesClient:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, client: Client, events: EventReads, orders: OrderReads) -> None:
        self._client = client
        self._events = events
        self._orders = orders

    async def view(self, actor: Actor, event_id: str) -> SalesView:
        """
        Raises:
            EventNotFound: the tenant has no such event.
        """
        event = await self._event(actor, event_id)
        return sales_view(
            event,
            await self._orders.stocks(actor, event_id),
            datetime.now(UTC),
            account_lost=await self._orders.account_is_lost(event_id),
        )

    async def orders(
        self, actor: Actor, event_id: str, *, limit: int, cursor: str | None
    ) -> Page[Order]:
        """Newest first.

        Raises:
            EventNotFound: the tenant has no such event.
            InvalidRequest: the cursor is not valid.
        """
        await self._event(actor, event_id)
        return await self._orders.orders(actor, event_id, limit=limit, cursor=cursor)

    async def public(self, event: Event, accept_language: str) -> PublicEvent:
        """The public view of an event, with the sale of each tier as it is now."""
        stocks, account_lost = await self.stocks_of(event)
        return public_event(
            event,
            stocks,
            datetime.now(UTC),
            account_lost=account_lost,
            accept_language=accept_language,
        )

    async def stocks_of(self, event: Event) -> tuple[Stocks, bool]:
        """The stocks of a public event, and whether its account is lost."""
        if not sold_tiers(event):
            return {}, False
        return await self._orders.public_stocks(event.event_id)

    async def change(
        self, actor: Actor, event_id: str, wanted: SalesSwitch, attempt: Attempt
    ) -> ChangedSales:
        """
        Raises:
            EventNotFound: the tenant has no such event.
            PermissionMissing: the actor may not publish.
            SalesClosed: the sales are closed for good.
            IdempotencyKeyReused: the key belongs to another change of the event's sales.
            Unavailable: no answer in time; a repeat with the same key is safe.
        """
        await self._event(actor, event_id)
        if not actor.may_publish:
            raise PermissionMissing("Your token may not publish, and so may not change sales.")
        change = SalesChange(event_id=event_id, tenant=actor.tenant, wanted=wanted)
        switch, is_repeat = await self._switched(change, attempt)
        if switch is not wanted:
            raise IdempotencyKeyReused
        return ChangedSales(await self.view(actor, event_id), is_repeat)

    async def _switched(self, change: SalesChange, attempt: Attempt) -> tuple[SalesSwitch, bool]:
        """The switch after the change, or after the one that began with the same key; and whether
        it is the latter. A refused change frees its key."""
        workflow_id = ids.change_sales_workflow_id(change.event_id, attempt.id)
        is_repeat = False
        with temporal_errors():
            async with asyncio.timeout(ANSWER_TIMEOUT):
                try:
                    await self._client.start_workflow(
                        ids.CHANGE_SALES,
                        change,
                        id=workflow_id,
                        task_queue=ids.ORDERS_TASK_QUEUE,
                        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                        task_timeout=TASK_TIMEOUT,
                    )
                except WorkflowAlreadyStartedError:
                    is_repeat = True
                handle = self._client.get_workflow_handle(workflow_id, result_type=SalesSwitch)
                try:
                    return await handle.result(), is_repeat
                except WorkflowFailureError as failure:
                    raise _refusal(failure) from failure

    async def _event(self, actor: Actor, event_id: str) -> Event:
        event = await self._events.get(actor, event_id)
        if event is None:
            raise EventNotFound
        return event


def _refusal(failure: WorkflowFailureError) -> WizardError:
    cause: BaseException | None = failure.cause
    if isinstance(cause, ActivityError):
        cause = cause.cause
    return to_error(cause) if isinstance(cause, ApplicationError) else WizardError()
