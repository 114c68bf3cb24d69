"""The workers that call other services for sessions: Stripe, and the receiver of notifications."""

from typing import Final

from temporalio.client import Client
from temporalio.worker import Worker

from activities.notifications import DeliveryActivities, Notifying
from activities.payments import PaymentActivities
from db.accounts import StripeAccounts
from db.outbox import Outbox
from db.pool import Pool
from domain import ids
from workers.options import GRACE, WorkerOptions

CONCURRENT_DELIVERIES: Final = 20


def build_stripe_worker(client: Client, pool: Pool, options: WorkerOptions) -> Worker:
    """The server limits the rate of all workers together, so that Stripe's limits are kept."""
    payment = PaymentActivities(options.stripe, stripe_accounts(pool, options))
    return Worker(
        client,
        task_queue=ids.STRIPE_TASK_QUEUE,
        activities=[
            payment.connect_account,
            payment.ensure_account,
            payment.end_account,  # scheduled here by the earlier release
            payment.create_onboarding_link,
            payment.check_account,
            payment.fetch_account,
            payment.offer_tier,
            payment.link_tier,
            payment.retire_catalogue,
        ],
        interceptors=options.interceptors,
        deployment_config=options.deployment,
        max_task_queue_activities_per_second=options.stripe_activities_per_second,
        graceful_shutdown_timeout=GRACE,
    )


def stripe_accounts(pool: Pool, options: WorkerOptions) -> StripeAccounts:
    """Without a Stripe key, no account is connected or fetched in either mode."""
    return StripeAccounts(pool, livemode=options.stripe is not None and options.stripe.livemode)


def build_notification_worker(
    client: Client, pool: Pool, notifying: Notifying, options: WorkerOptions
) -> Worker:
    return Worker(
        client,
        task_queue=ids.NOTIFICATION_TASK_QUEUE,
        activities=[DeliveryActivities(Outbox(pool), notifying).deliver_notification],
        interceptors=options.interceptors,
        deployment_config=options.deployment,
        max_concurrent_activities=CONCURRENT_DELIVERIES,
        graceful_shutdown_timeout=GRACE,
    )
