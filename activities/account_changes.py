"""Hands a status of a Stripe account on to the open sessions of its tenant."""

import asyncio
from typing import TYPE_CHECKING, Final

from temporalio import activity
from temporalio.client import Client

from activities.session_calls import NotFound, bounded_call, require_running_worker
from domain import ids
from domain.session.messages import Message, PaymentAccountChanged
from domain.values.payments import Payments

if TYPE_CHECKING:
    from db.accounts import StripeAccounts

SESSIONS_PER_PAGE: Final = 100

_AT_ONCE: Final = 10
"""Signals that are sent concurrently, so that a large tenant does not delay all other work."""


class HandAccountOn(Message):
    account_id: str
    payments: Payments
    known_by: str | None = None
    """The id of a session that has the status already."""


class AccountChangeActivities:
    def __init__(self, accounts: "StripeAccounts", client: Client) -> None:
        self._accounts = accounts
        self._client = client

    @activity.defn
    async def hand_account_on(self, handed: HandAccountOn) -> int:
        """Signals the status to the open sessions of the account's tenant, newest first.

        A session ignores a status that is older than its own. A retry continues after the last
        sessions that were signalled.

        Returns:
            How many sessions were signalled. Sessions that have closed are not counted.

        Raises:
            NoAnswer: Temporal did not accept a signal.
        """
        after, signalled = _progress()
        while True:
            page = await self._accounts.open_sessions(
                handed.account_id, after=after, limit=SESSIONS_PER_PAGE
            )
            for start in range(0, len(page), _AT_ONCE):
                require_running_worker()
                session_ids = page[start : start + _AT_ONCE]
                signals = [
                    self._signal(session_id, handed)
                    for session_id in session_ids
                    if session_id != handed.known_by
                ]
                signalled += sum(await asyncio.gather(*signals))
                after = session_ids[-1]
                activity.heartbeat(after, signalled)
            if len(page) < SESSIONS_PER_PAGE:
                return signalled

    async def _signal(self, session_id: str, handed: HandAccountOn) -> bool:
        """Returns whether the session is open."""
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        changed = PaymentAccountChanged(account_id=handed.account_id, payments=handed.payments)
        try:
            async with bounded_call():
                await handle.signal(ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED, changed)
        except NotFound:
            return False
        return True


def _progress() -> tuple[str | None, int]:
    """The last session that an earlier attempt signalled, and how many it signalled."""
    details = activity.info().heartbeat_details
    return (details[0], details[1]) if details else (None, 0)
