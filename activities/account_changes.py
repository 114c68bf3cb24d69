"""Hands a status of a Stripe account on to the open sessions of its tenant."""

from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.client import Client

from activities.calls import NotFound, bounded_call
from activities.signalling import PAGE_SIZE, signal_all
from domain import ids
from domain.session.messages import Message, PaymentAccountChanged
from domain.values.payments import Payments

if TYPE_CHECKING:
    from db.accounts import StripeAccounts


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
        return await signal_all(
            lambda after: self._accounts.open_sessions(
                handed.account_id, after=after, limit=PAGE_SIZE
            ),
            lambda session_id: self._signal(session_id, handed),
        )

    async def _signal(self, session_id: str, handed: HandAccountOn) -> bool:
        """Returns whether the session is open, and did not have the status already."""
        if session_id == handed.known_by:
            return False
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        changed = PaymentAccountChanged(account_id=handed.account_id, payments=handed.payments)
        try:
            async with bounded_call():
                await handle.signal(ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED, changed)
        except NotFound:
            return False
        return True
