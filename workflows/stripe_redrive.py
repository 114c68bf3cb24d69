"""Starts the processing of Stripe events that were stored and never processed."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.inbox import InboxActivities
    from domain import ids


@workflow.defn(name=ids.WIZARD_STRIPE_REDRIVE)
class StripeRedrive:
    @workflow.run
    async def run(self) -> int:
        """Returns how many events were started."""
        return await workflow.execute_activity_method(
            InboxActivities.redrive_stripe_events,
            start_to_close_timeout=timedelta(minutes=5),
            heartbeat_timeout=timedelta(seconds=30),
            summary="Start unprocessed Stripe events",
        )
