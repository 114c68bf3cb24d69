"""What was kept for as long as the settings say, and goes now."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from temporalio import activity
from temporalio.client import Client

from activities.erasure import start_erasure
from domain import ids

if TYPE_CHECKING:
    from db.erasures import Erasures

SESSIONS_PER_PAGE: Final = 100
PAYLOADS_PER_PAGE: Final = 1000


@dataclass(frozen=True)
class RetentionPeriods:
    """In seconds: of sessions from when they closed, of Stripe's payloads from when they were
    processed. 0 keeps for ever."""

    sessions: int
    stripe_events: int


class RetentionActivities:
    def __init__(self, erasures: "Erasures", client: Client, periods: RetentionPeriods) -> None:
        self._erasures = erasures
        self._client = client
        self._periods = periods

    @activity.defn(name=ids.ACTIVITY_ERASE_OLD_SESSIONS)
    async def erase_old_sessions(self, after: str | None) -> str | None:
        """Starts the erasures of one page. Where the next begins; None after the last."""
        if not self._periods.sessions:
            return None
        page = await self._erasures.due(
            closed_for_seconds=self._periods.sessions, after=after, limit=SESSIONS_PER_PAGE
        )
        for erasure in page:
            await start_erasure(self._client, erasure)
            activity.heartbeat(erasure.session_id)
        return page[-1].session_id if len(page) == SESSIONS_PER_PAGE else None

    @activity.defn(name=ids.ACTIVITY_EMPTY_STRIPE_PAYLOADS)
    async def empty_stripe_payloads(self) -> int:
        """How many were emptied, page by page."""
        if not self._periods.stripe_events:
            return 0
        total = emptied = await self._empty_page()
        while emptied == PAYLOADS_PER_PAGE:
            activity.heartbeat(total)
            emptied = await self._empty_page()
            total += emptied
        return total

    async def _empty_page(self) -> int:
        return await self._erasures.empty_stripe_payloads(
            processed_for_seconds=self._periods.stripe_events, at_most=PAYLOADS_PER_PAGE
        )
