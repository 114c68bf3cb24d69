"""Deletes data whose retention period is over."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from temporalio import activity
from temporalio.client import Client

from activities.erasure import start_erasure

if TYPE_CHECKING:
    from db.erasures import Erasures
    from db.order_upkeep import OrderUpkeep
    from db.outbox import Outbox

SESSIONS_PER_PAGE: Final = 100
ROWS_PER_PAGE: Final = 1000
EVENTS_PER_PAGE: Final = 20
"""An event may have thousands of orders."""


@dataclass(frozen=True)
class RetentionPeriods:
    """Retention periods in seconds; 0 keeps the data."""

    sessions: int = 0
    """Since the session closed."""

    stripe_events: int = 0
    """Since the event was processed; the reference in it is deleted, its row is kept."""

    notifications: int = 0
    """Since the notification was delivered or given up."""

    orders: int = 0
    """Since the event was over."""


class RetentionActivities:
    def __init__(
        self,
        erasures: "Erasures",
        outbox: "Outbox",
        upkeep: "OrderUpkeep",
        client: Client,
        periods: RetentionPeriods,
    ) -> None:
        self._erasures = erasures
        self._outbox = outbox
        self._upkeep = upkeep
        self._client = client
        self._periods = periods

    @activity.defn
    async def erase_old_sessions(self, after: str | None) -> str | None:
        """Starts the erasures of one page. Returns the last id, or None after the last page."""
        if not self._periods.sessions:
            return None
        page = await self._erasures.due(
            closed_for_seconds=self._periods.sessions, after=after, limit=SESSIONS_PER_PAGE
        )
        for erasure in page:
            await start_erasure(self._client, erasure)
            activity.heartbeat(erasure.session_id)
        return page[-1].session_id if len(page) == SESSIONS_PER_PAGE else None

    @activity.defn
    async def empty_stripe_payloads(self) -> int:
        """Empties payloads page by page. Returns how many.

        Payloads of earlier releases contain personal data, and are emptied whatever the period is.
        """
        return await _process_pages(self._empty_page)

    @activity.defn
    async def forget_notifications(self) -> int:
        """Deletes notifications page by page. Returns how many."""
        if not self._periods.notifications:
            return 0
        return await _process_pages(self._forget_page)

    @activity.defn
    async def forget_orders(self) -> int:
        """Deletes the orders of events that are long over, page by page. Returns of how many
        events."""
        if not self._periods.orders:
            return 0
        return await _process_pages(self._forget_orders_page, EVENTS_PER_PAGE)

    async def _forget_orders_page(self) -> int:
        return await self._upkeep.forget(
            over_for_seconds=self._periods.orders, at_most=EVENTS_PER_PAGE
        )

    async def _empty_page(self) -> int:
        return await self._erasures.empty_stripe_payloads(
            processed_for_seconds=self._periods.stripe_events or None, at_most=ROWS_PER_PAGE
        )

    async def _forget_page(self) -> int:
        return await self._outbox.forget(
            ended_for_seconds=self._periods.notifications, at_most=ROWS_PER_PAGE
        )


async def _process_pages(
    process_page: Callable[[], Awaitable[int]], full: int = ROWS_PER_PAGE
) -> int:
    """Processes pages until one is not full. Returns the number of rows."""
    total = rows = await process_page()
    while rows == full:
        activity.heartbeat(total)
        rows = await process_page()
        total += rows
    return total
