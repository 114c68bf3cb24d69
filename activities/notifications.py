"""Messages to the owners of sessions, from the outbox to the receiver.

Delivered at least once: a receiver that has taken a message may get it again, under the same id.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain import ids
from domain.session.notifications import DEFAULT_REMIND_BEFORE_SECONDS, notifications_of
from domain.session.projection import Projected

if TYPE_CHECKING:
    from db.outbox import Outbox
    from notifications.sender import Sender

MAX_REDRIVEN: Final = 500

_START: Final = timedelta(seconds=2)
"""The read model is not to wait longer for it: the redrive starts what was not started."""

_FACTOR: Final = 4
_JITTER: Final = 0.25
_RANDOM: Final = SystemRandom()

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pauses:
    """Between attempts, each ``_FACTOR`` times as long as the one before."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=6)

    def after(self, attempt: int) -> timedelta:
        """Attempts count from 1."""
        pause = self.first
        for _ in range(attempt - 1):
            if pause >= self.longest:
                break
            pause *= _FACTOR
        return min(pause, self.longest)


@dataclass(frozen=True)
class Notifying:
    """How owners are notified. 0 seconds is no reminder."""

    sender: "Sender"
    remind_before_seconds: int = DEFAULT_REMIND_BEFORE_SECONDS
    pauses: Pauses = Pauses()


class Deliveries:
    """Starts what has just been put into the outbox."""

    def __init__(self, client: Client, remind_before_seconds: int) -> None:
        self._client = client
        self.remind_before_seconds = remind_before_seconds or None

    async def start(self, projected: Projected) -> None:
        """As far as Temporal is there; the redrive starts the rest."""
        for each in notifications_of([projected]):
            try:
                await start_delivery(self._client, each.id)
            except RPCError as error:
                _log.warning("%s is left to the redrive: %s", each.id, error.status.name)


class DeliveryActivities:
    """What may take long, or never end, because of the receiver."""

    def __init__(self, outbox: "Outbox", notifying: Notifying) -> None:
        self._outbox = outbox
        self._sender = notifying.sender
        self._pauses = notifying.pauses

    @activity.defn(name=ids.ACTIVITY_DELIVER_NOTIFICATION)
    async def deliver_notification(self, message_id: str) -> bool:
        """Whether it was sent; false where there is nothing to send, as when it is erased.

        Raises:
            ApplicationError: the receiver did not take it; retryable unless it wants no more.
        """
        payload = await self._outbox.pending(message_id)
        if payload is None:
            return False
        answer = await self._sender.send(message_id, payload)
        if answer.error is None:
            await self._outbox.delivered(message_id)
            return True
        await self._outbox.failed(message_id, answer.error)
        raise ApplicationError(
            "The receiver did not take the message.",
            type=answer.error,
            non_retryable=answer.is_final,
            next_retry_delay=_spread(answer.wait or self._pauses.after(activity.info().attempt)),
        )


class OutboxActivities:
    """``is_on`` is false where nobody is notified: what is in the outbox waits."""

    def __init__(self, outbox: "Outbox", client: Client, *, is_on: bool) -> None:
        self._outbox = outbox
        self._client = client
        self._is_on = is_on

    @activity.defn(name=ids.ACTIVITY_GIVE_UP_NOTIFICATION)
    async def give_up_notification(self, message_id: str) -> None:
        await self._outbox.given_up(message_id)

    @activity.defn(name=ids.ACTIVITY_REDRIVE_NOTIFICATIONS)
    async def redrive_notifications(self) -> int:
        """Starts what was put into the outbox and is not being delivered; how many that were."""
        if not self._is_on:
            return 0
        stranded = await self._outbox.claim_stranded(limit=MAX_REDRIVEN)
        for message_id in stranded:
            await start_delivery(self._client, message_id)
            activity.heartbeat(message_id)
        return len(stranded)


async def start_delivery(client: Client, message_id: str) -> None:
    """One workflow for each message: it is joined while it runs, and repeated only if it failed."""
    try:
        await client.start_workflow(
            ids.WIZARD_DELIVER_NOTIFICATION,
            message_id,
            id=ids.delivery_workflow_id(message_id),
            task_queue=ids.TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary="Notification of a session's owner",
            rpc_timeout=_START,
        )
    except WorkflowAlreadyStartedError:
        return


def _spread(pause: timedelta) -> timedelta:
    """Never shorter than asked for; so that messages that failed together do not come together."""
    return pause * (1 + _RANDOM.uniform(0, _JITTER))
