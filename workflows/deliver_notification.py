"""Delivers one notification from the outbox. Retries until the receiver accepts it, or gives up.

The notification stays in Postgres and is erased with its session: a delivery that is still waiting
then finds nothing, and ends.
"""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.notifications import DeliveryActivities, OutboxActivities
    from domain import ids

_PATIENCE: Final = timedelta(days=3)
"""After this time the notification is given up."""

_ATTEMPT: Final = timedelta(seconds=30)
"""Longer than the timeout of the sender."""

_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=5),
    backoff_coefficient=4,
    maximum_interval=timedelta(hours=6),
)
"""For attempts without a result, as of a killed worker. A refusal sets its own delay."""

_STAMP_RETRY: Final = RetryPolicy(maximum_interval=timedelta(minutes=1))


@workflow.defn(name=ids.WIZARD_DELIVER_NOTIFICATION)
class DeliverNotification:
    @workflow.run
    async def run(self, message_id: str) -> bool:
        """Returns whether the notification was sent; false if there is none to send.

        Fails if it is given up, so that operators see it and can start it again.
        """
        try:
            return await workflow.execute_activity_method(
                DeliveryActivities.deliver_notification,
                message_id,
                task_queue=ids.NOTIFICATION_TASK_QUEUE,
                start_to_close_timeout=_ATTEMPT,
                schedule_to_close_timeout=_PATIENCE,
                retry_policy=_RETRY,
                summary="Send the notification",
            )
        except ActivityError as failure:
            await self._give_up(message_id)
            raise ApplicationError(
                "The notification could not be delivered and is given up.", type="not_delivered"
            ) from failure

    async def _give_up(self, message_id: str) -> None:
        await workflow.execute_activity_method(
            OutboxActivities.give_up_notification,
            message_id,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=_STAMP_RETRY,
            summary="Mark the notification as given up",
        )
