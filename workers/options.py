"""The options of the workers of one process, and the clients that they share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self

from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Interceptor, WorkerDeploymentConfig

from activities.notifications import Notifying
from activities.pictures import FileStore
from activities.retention import RetentionPeriods
from domain import ids
from domain.orders.fees import FeePolicy
from notifications.sender import Sender
from payments.adapter import StripeAdapter
from pictures.store import PictureStore
from settings import WorkerSettings
from settings.worker import CACHED_WORKFLOWS

GRACE: Final = timedelta(seconds=25)
"""Time for running activities to end when the worker stops; a request to Stripe may take 20 s."""


@dataclass(frozen=True)
class WorkerOptions:
    """Options of the workers of one process. The defaults disable Stripe, notifications, retention
    and versions."""

    stripe: StripeAdapter | None = None
    """None: only free events can be published."""

    notifying: Notifying | None = None
    """None: owners are not notified."""

    retention: RetentionPeriods = field(default_factory=RetentionPeriods)

    pictures: FileStore | None = None
    """None: the files of deleted pictures stay, until a worker has a store."""

    abandon_after: int = 0
    """Seconds without a change after which a session is abandoned; 0 for never."""

    stripe_activities_per_second: float = 10
    order_stripe_activities_per_second: float = 20
    fees: FeePolicy = field(default_factory=FeePolicy)
    """The platform's share of an order."""

    max_cached_workflows: int = CACHED_WORKFLOWS
    interceptors: Sequence[Interceptor] = ()

    build_id: str = ""
    """Empty: the workers have no version."""

    @classmethod
    def from_settings(
        cls, settings: WorkerSettings, *, interceptors: Sequence[Interceptor] = ()
    ) -> Self:
        return cls(
            stripe=_stripe_adapter(settings),
            notifying=_notifying(settings),
            retention=RetentionPeriods(
                sessions=settings.session_retention,
                stripe_events=settings.stripe_event_retention,
                notifications=settings.notification_retention,
                orders=settings.order_retention,
            ),
            pictures=PictureStore.from_url(settings.media_store) if settings.media_store else None,
            abandon_after=settings.session_abandon_after,
            stripe_activities_per_second=settings.stripe_activities_per_second,
            order_stripe_activities_per_second=settings.order_stripe_activities_per_second,
            fees=settings.fees,
            max_cached_workflows=settings.worker_max_cached_workflows,
            interceptors=interceptors,
            build_id=settings.worker_build_id,
        )

    @property
    def deployment(self) -> WorkerDeploymentConfig | None:
        """None for workers without a version, which accept any task.

        Every workflow is pinned: it completes, or continues as new, on the build on which it
        started, so that no other build's code ever replays it.
        """
        if not self.build_id:
            return None
        return WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(ids.WORKER_DEPLOYMENT, self.build_id),
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.PINNED,
        )

    async def close(self) -> None:
        """Closes the HTTP clients."""
        if self.stripe is not None:
            await self.stripe.close()
        if self.notifying is not None:
            await self.notifying.sender.close()


def _stripe_adapter(settings: WorkerSettings) -> StripeAdapter | None:
    if settings.stripe_api_key is None:
        return None
    return StripeAdapter.from_settings(
        settings.stripe_api_key.get_secret_value(),
        settings.stripe_api_base,
        media_url=settings.media_address,
    )


def _notifying(settings: WorkerSettings) -> Notifying | None:
    if settings.notification_url is None:
        return None
    return Notifying(
        Sender(settings.notification_url.get_secret_value(), settings.notification_secrets),
        remind_before_seconds=settings.session_remind_before,
    )
