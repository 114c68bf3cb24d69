"""Reads Stripe events from the inbox, stores their outcomes, and starts unprocessed ones."""

from typing import TYPE_CHECKING, Final

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain import ids
from domain.session.messages import Message
from payments.models import ObjectReference

if TYPE_CHECKING:
    from db.accounts import StripeAccounts
    from db.inbox import Inbox
    from payments.adapter import StripeAdapter

STRANDED_AFTER_SECONDS: Final = 15.0
"""An event that is unprocessed for this long is started again."""

MAX_REDRIVEN: Final = 500


class ReceivedEvent(Message):
    type: str
    account_id: str | None
    processed: bool
    reference: ObjectReference | None = None


class SessionsQuery(Message):
    account_id: str
    after: str | None
    limit: int


class EventStamp(Message):
    """Either ``outcome``, if the event is processed, or ``error``, if processing failed."""

    event_id: str
    outcome: str | None = None
    error: str | None = None


class InboxActivities:
    def __init__(
        self,
        inbox: "Inbox",
        accounts: "StripeAccounts",
        client: Client,
        adapter: "StripeAdapter | None" = None,
    ) -> None:
        self._inbox = inbox
        self._adapter = adapter
        self._accounts = accounts
        self._client = client

    @activity.defn
    async def load_stripe_event(self, event_id: str) -> ReceivedEvent | None:
        stored = await self._inbox.get(event_id)
        if stored is None:
            return None
        return ReceivedEvent(
            type=stored.type,
            account_id=stored.account_id,
            processed=stored.processed,
            reference=stored.reference and ObjectReference.model_validate(stored.reference),
        )

    @activity.defn
    async def sessions_of_account(self, query: SessionsQuery) -> list[str]:
        return await self._accounts.open_sessions(
            query.account_id, after=query.after, limit=query.limit
        )

    @activity.defn
    async def stamp_stripe_event(self, stamp: EventStamp) -> None:
        if stamp.outcome is not None:
            await self._inbox.processed(stamp.event_id, stamp.outcome)
        elif stamp.error is not None:
            await self._inbox.failed(stamp.event_id, stamp.error)

    @activity.defn
    async def redrive_stripe_events(self) -> int:
        """Starts the workflows of unprocessed events. Returns how many.

        None while Stripe refuses the API key: each of them would fail again.
        """
        if self._adapter is not None and self._adapter.is_paused:
            return 0
        stranded = await self._inbox.stranded(
            older_than_seconds=STRANDED_AFTER_SECONDS, limit=MAX_REDRIVEN
        )
        for event_id in stranded:
            await start_stripe_event(self._client, event_id)
            activity.heartbeat(event_id)
        return len(stranded)


async def start_stripe_event(client: Client, event_id: str) -> None:
    """Starts the workflow of an event, unless it is running or has completed."""
    try:
        await client.start_workflow(
            ids.WIZARD_STRIPE_EVENT,
            event_id,
            id=ids.stripe_event_workflow_id(event_id),
            task_queue=ids.TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary="Stripe event",
        )
    except WorkflowAlreadyStartedError:
        return
