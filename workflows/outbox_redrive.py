"""Starts the delivery of notifications in the outbox that are not being delivered."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.notifications import OutboxActivities
    from domain import ids


@workflow.defn(name=ids.WIZARD_OUTBOX_REDRIVE)
class OutboxRedrive:
    @workflow.run
    async def run(self) -> int:
        """Returns how many deliveries were started."""
        return await workflow.execute_activity_method(
            OutboxActivities.redrive_notifications,
            start_to_close_timeout=timedelta(minutes=5),
            heartbeat_timeout=timedelta(seconds=30),
            summary="Start notifications that are not being delivered",
        )
