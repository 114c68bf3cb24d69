"""Delivers notifications to the owners of sessions, from the outbox to the receiver.

Delivery is at least once; a repeated notification has the same id.
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
"""The longest that a write to the read model waits for the start; the redrive starts the rest."""

_FACTOR: Final = 4
_JITTER: Final = 0.25
_RANDOM: Final = SystemRandom()

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pauses:
    """The pauses between attempts; each is ``_FACTOR`` times the previous one."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=6)

    def after(self, attempt: int) -> timedelta:
        """The pause after an attempt; the first attempt is 1."""
        pause = self.first
        for _ in range(attempt - 1):
            if pause >= self.longest:
                break
            pause *= _FACTOR
        return min(pause, self.longest)


@dataclass(frozen=True)
class Notifying:
    """How owners are notified. With ``remind_before_seconds`` 0 there is no reminder."""

    sender: "Sender"
    remind_before_seconds: int = DEFAULT_REMIND_BEFORE_SECONDS
    pauses: Pauses = Pauses()


class Deliveries:
    """Starts the delivery of notifications that were just put into the outbox."""

    def __init__(self, client: Client, remind_before_seconds: int) -> None:
        self._client = client
        self.remind_before_seconds = remind_before_seconds or None

    async def start(self, projected: Projected) -> None:
        """Starts each delivery; if one cannot be started, the redrive starts it later."""
        for notification in notifications_of([projected]):
            try:
                await start_delivery(self._client, notification.id)
            except RPCError as error:
                _log.warning(
                    "notification not started: the redrive starts it",
                    extra={"message_id": notification.id, "reason": error.status.name},
                )


class DeliveryActivities:
    """Runs on its own task queue, because a receiver may be slow or not respond."""

    def __init__(self, outbox: "Outbox", notifying: Notifying) -> None:
        self._outbox = outbox
        self._sender = notifying.sender
        self._pauses = notifying.pauses

    @activity.defn
    async def deliver_notification(self, message_id: str) -> bool:
        """Returns whether the message was sent; false if there is none, as after an erasure.

        Raises:
            ApplicationError: the receiver did not accept it; not retryable if the refusal is final.
        """
        payload = await self._outbox.pending(message_id)
        if payload is None:
            return False
        answer = await self._sender.send(message_id, payload)
        if answer.error is None:
            await self._outbox.delivered(message_id)
            return True
        await self._outbox.failed(message_id, answer.error)
        pause = answer.wait or self._pauses.after(activity.info().attempt)
        raise ApplicationError(
            "The receiver did not accept the message.",
            type=answer.error,
            non_retryable=answer.is_final,
            next_retry_delay=_with_jitter(pause),
        )


class OutboxActivities:
    """If ``is_on`` is false, owners are not notified, and messages stay in the outbox."""

    def __init__(self, outbox: "Outbox", client: Client, *, is_on: bool) -> None:
        self._outbox = outbox
        self._client = client
        self._is_on = is_on

    @activity.defn
    async def give_up_notification(self, message_id: str) -> None:
        await self._outbox.given_up(message_id)

    @activity.defn
    async def redrive_notifications(self) -> int:
        """Starts the delivery of messages that have none. Returns how many."""
        if not self._is_on:
            return 0
        stranded = await self._outbox.claim_stranded(limit=MAX_REDRIVEN)
        for message_id in stranded:
            await start_delivery(self._client, message_id)
            activity.heartbeat(message_id)
        return len(stranded)


async def start_delivery(client: Client, message_id: str) -> None:
    """Starts the workflow of a message, unless it is running or has completed."""
    try:
        await client.start_workflow(
            ids.WIZARD_DELIVER_NOTIFICATION,
            message_id,
            id=ids.delivery_workflow_id(message_id),
            task_queue=ids.TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary="Notification to a session's owner",
            rpc_timeout=_START,
        )
    except WorkflowAlreadyStartedError:
        return


def _with_jitter(pause: timedelta) -> timedelta:
    """Lengthens a pause at random, so that messages that failed together are spread out."""
    return pause * (1 + _RANDOM.uniform(0, _JITTER))
