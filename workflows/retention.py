"""Erases sessions, Stripe payloads, notifications and orders whose retention period is over."""

from datetime import timedelta
from typing import Final

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.retention import RetentionActivities
    from domain import ids

_ATTEMPT: Final = timedelta(minutes=10)
_HEARTBEAT_TIMEOUT: Final = timedelta(seconds=30)


@workflow.defn(name=ids.WIZARD_RETENTION)
class Retention:
    @workflow.run
    async def run(self, after: str | None = None) -> None:
        """``after`` is the id of the last session that the previous run handled."""
        while True:
            after = await self._erase_page(after)
            if after is None:
                break
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(after)
        await workflow.execute_activity_method(
            RetentionActivities.empty_stripe_payloads,
            start_to_close_timeout=_ATTEMPT,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            summary="Empty payloads of old Stripe events",
        )
        await workflow.execute_activity_method(
            RetentionActivities.forget_notifications,
            start_to_close_timeout=_ATTEMPT,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            summary="Delete old notifications",
        )
        if workflow.patched(ids.PATCH_FORGOTTEN_ORDERS):
            await workflow.execute_activity_method(
                RetentionActivities.forget_orders,
                start_to_close_timeout=_ATTEMPT,
                heartbeat_timeout=_HEARTBEAT_TIMEOUT,
                summary="Delete orders of events that are long over",
            )

    async def _erase_page(self, after: str | None) -> str | None:
        return await workflow.execute_activity_method(
            RetentionActivities.erase_old_sessions,
            after,
            start_to_close_timeout=_ATTEMPT,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            summary="Start erasures of old sessions",
        )
