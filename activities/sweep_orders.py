"""The sweep over orders: brings rows back that a restored database has lost, starts processes again
that hold tickets and are gone, and compares the inventory with its orders."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.calls import NoAnswer, NotFound, bounded_call, require_running_worker
from domain import ids
from domain.errors import EventNotFound
from domain.orders.order import NEWEST_ORDER_RULES, Order, OrderRequest, OrderState, WantedItem
from observability import worker_metrics
from temporal.order_starts import order_start

if TYPE_CHECKING:
    from db.order_upkeep import OrderUpkeep

PER_PAGE: Final = 100

SETTLED_AFTER: Final = timedelta(minutes=10)
"""Younger orders are skipped, because their row, their process and the list of processes may not be
consistent yet."""

_RUNNING: Final = f'WorkflowType = "{ids.TICKET_ORDER}" AND ExecutionStatus = "Running"'

Part = Literal["processes", "rows", "inventories"]
Finding = Literal["restored", "restarted", "recounted"]

FINDINGS: Final[tuple[Finding, ...]] = ("restored", "restarted", "recounted")

_NEXT: Final[dict[Part, Part | None]] = {
    "processes": "rows",
    "rows": "inventories",
    "inventories": None,
}


class OrdersSwept(BaseModel):
    """The progress of the sweep, and counts of its findings.

    ``after`` is the id of the last row or event; for processes, the token of the next page.
    ``restored`` counts rows, ``restarted`` processes, and ``recounted`` inventories.
    """

    model_config = ConfigDict(frozen=True)

    part: Part | None = "processes"
    after: str | None = None
    restored: int = 0
    restarted: int = 0
    recounted: int = 0
    skipped: int = 0

    @property
    def more(self) -> bool:
        return self.part is not None

    def counting(self, outcome: Finding | Literal["skipped"] | None) -> "OrdersSwept":
        if outcome is None:
            return self
        return self.model_copy(update={outcome: getattr(self, outcome) + 1})

    def at(self, after: str | None) -> "OrdersSwept":
        """After one page; None after the last page of a part."""
        if after is not None or self.part is None:
            return self.model_copy(update={"after": after})
        return self.model_copy(update={"after": None, "part": _NEXT[self.part]})


class SweepOrdersActivities:
    def __init__(self, upkeep: "OrderUpkeep", client: Client) -> None:
        self._upkeep = upkeep
        self._client = client

    @activity.defn
    async def sweep_orders(self, swept: OrdersSwept) -> OrdersSwept:
        """Sweeps one page. A retry finds nothing left to mend where the last attempt has been."""
        for finding in FINDINGS:
            worker_metrics.orders_mended(0, finding)
        if swept.part == "processes":
            return await self._sweep_processes(swept)
        if swept.part == "rows":
            return await self._sweep_rows(swept)
        return await self._sweep_inventories(swept)

    async def _sweep_processes(self, swept: OrdersSwept) -> OrdersSwept:
        token = b64decode(swept.after) if swept.after else None
        listed = self._client.list_workflows(_RUNNING, page_size=PER_PAGE, next_page_token=token)
        await listed.fetch_next_page()
        youngest = datetime.now(UTC) - SETTLED_AFTER
        page = [
            ids.order_id_of(execution.id)
            for execution in listed.current_page or ()
            if execution.start_time < youngest
        ]
        known = await self._upkeep.known(page)
        for order_id in page:
            if order_id not in known:
                swept = _counted(swept, order_id, await self._restore(order_id))
        following = listed.next_page_token
        return swept.at(b64encode(following).decode() if following else None)

    async def _restore(self, order_id: str) -> Finding | Literal["skipped"] | None:
        """Writes the order as its process knows it."""
        try:
            async with bounded_call():
                order: Order | None = await self._handle(order_id).query(
                    ids.QUERY_ORDER, result_type=cast(type, Order | None)
                )
            is_written = order is not None and await self._upkeep.restore(order)
        except NotFound:  # ended in the meantime
            return None
        except (NoAnswer, EventNotFound) as reason:
            return _skipped(order_id, reason)
        return "restored" if is_written else None

    async def _sweep_rows(self, swept: OrdersSwept) -> OrdersSwept:
        page = await self._upkeep.holding(
            after=swept.after,
            created_before_seconds=SETTLED_AFTER.total_seconds(),
            limit=PER_PAGE,
        )
        running = await self._running(page)
        for order in page:
            if order.order_id not in running:
                swept = _counted(swept, order.order_id, await self._settle(order))
        return swept.at(page[-1].order_id if len(page) == PER_PAGE else None)

    async def _running(self, page: list[Order]) -> set[str]:
        """The ids of orders whose process runs, by one request for the page. The list may be
        behind, so a process that is missing from it is described before it is started again."""
        if not page:
            return set()
        names = ", ".join(f'"{ids.order_workflow_id(order.order_id)}"' for order in page)
        listed = self._client.list_workflows(
            f"WorkflowId IN ({names}) AND {_RUNNING}", page_size=len(page)
        )
        return {ids.order_id_of(execution.id) async for execution in listed}

    async def _settle(self, order: Order) -> Finding | Literal["skipped"] | None:
        """Takes over the result of a process that has ended, and starts any other one again."""
        handle = self._handle(order.order_id)
        try:
            status, request = await self._last_run(handle)
            if status is WorkflowExecutionStatus.RUNNING:
                return None
            if status is WorkflowExecutionStatus.COMPLETED:
                async with bounded_call():
                    ended = await handle.result()
                if await self._upkeep.restore(ended):
                    return "restored"
            return await self._start(request or _request_of(order))
        except NotFound:  # deleted in the meantime: left to the next sweep
            return None
        except NoAnswer as reason:
            return _skipped(order.order_id, reason)

    async def _last_run(
        self, handle: WorkflowHandle[Any, Order]
    ) -> tuple[WorkflowExecutionStatus | None, OrderRequest | None]:
        """Its status and its request; a pair of None if Temporal does not know the process."""
        try:
            async with bounded_call():
                described = await handle.describe()
                async for event in handle.fetch_history_events(page_size=1):
                    started = event.workflow_execution_started_event_attributes
                    (request,) = await self._client.data_converter.decode(
                        started.input.payloads, [OrderRequest]
                    )
                    return described.status, request
        except NotFound:
            pass
        return None, None

    async def _start(self, request: OrderRequest | None) -> Finding | Literal["skipped"] | None:
        if request is None:
            return "skipped"
        start = order_start(request)
        start["id_reuse_policy"] = WorkflowIDReusePolicy.ALLOW_DUPLICATE
        try:
            async with bounded_call():
                await self._client.start_workflow(ids.TICKET_ORDER, request, **start)
        except WorkflowAlreadyStartedError:
            return None
        return "restarted"

    async def _sweep_inventories(self, swept: OrdersSwept) -> OrdersSwept:
        page = await self._upkeep.inventories(after=swept.after, limit=PER_PAGE)
        for event_id in page.different:
            await self._upkeep.recount(event_id)
            swept = _counted(swept, event_id, "recounted")
        return swept.at(page.last if page.is_full else None)

    def _handle(self, order_id: str) -> WorkflowHandle[Any, Order]:
        return self._client.get_workflow_handle(ids.order_workflow_id(order_id), result_type=Order)


def _request_of(order: Order) -> OrderRequest | None:
    """The request of an order whose process Temporal no longer knows.

    None for an order without a checkout: a new one needs the address of the event's page, which is
    not stored. Such an order requires manual intervention.
    """
    if order.state is OrderState.HELD:
        activity.logger.warning(
            "order not started again: its request is lost", extra={"order_id": order.order_id}
        )
        return None
    return OrderRequest(
        order_id=order.order_id,
        event_id=order.event_id,
        items=[
            WantedItem(tier_id=item.tier_id, quantity=item.quantity, unit_amount=item.unit_amount)
            for item in order.items
        ],
        fingerprint=order.fingerprint,
        holder=order.holder or "",
        page_url="",
        rules=NEWEST_ORDER_RULES,
    )


def _counted(
    swept: OrdersSwept, subject: str, outcome: Finding | Literal["skipped"] | None
) -> OrdersSwept:
    activity.heartbeat(subject)
    require_running_worker()
    if outcome is not None and outcome != "skipped":
        worker_metrics.orders_mended(1, outcome)
        activity.logger.warning(
            "orders repaired by the sweep", extra={"found": outcome, "subject": subject}
        )
    return swept.counting(outcome)


def _skipped(order_id: str, reason: Exception) -> Literal["skipped"]:
    activity.logger.warning(
        "order skipped by the sweep", extra={"order_id": order_id, "reason": str(reason)}
    )
    return "skipped"
