"""Settings of ``worker.py``."""

from decimal import Decimal
from typing import Final, Self

from pydantic import Field, model_validator

from domain.orders.fees import FeePolicy, fixed_fees
from domain.session.notifications import DEFAULT_REMIND_BEFORE_SECONDS
from payments.api_keys import TEST_KEYS
from pictures.settings import PictureSettings
from settings.addresses import HttpAddress, PostgresUrl, ReceiverUrl, is_on_loopback
from settings.common import AddressSettings, LifetimeSettings, ObservedSettings
from settings.temporal import TemporalSettings
from settings.values import (
    BuildId,
    FixedFees,
    ReadyFile,
    Seconds,
    SigningSecrets,
    StripeKey,
)

TWO_DAYS: Final = 2 * 24 * 60 * 60
NINETY_DAYS: Final = 90 * 24 * 60 * 60
THIRTY_DAYS: Final = 30 * 24 * 60 * 60

CACHED_WORKFLOWS: Final = 700
"""With this many cached sessions, a worker uses less than 300 MB."""


MOST_CACHED_WORKFLOWS: Final = 100_000
MOST_ACTIVITIES_PER_SECOND: Final = 1000


class WorkerSettings(
    TemporalSettings, ObservedSettings, AddressSettings, LifetimeSettings, PictureSettings
):
    """Settings of ``worker.py``."""

    database_url: PostgresUrl = Field(
        description="Postgres, as the role wizard_worker; the worker refuses any other",
        examples=["postgresql://wizard_worker:secret@localhost:5432/wizard"],
    )
    stripe_api_key: StripeKey | None = Field(
        default=None,
        description="Stripe's secret key; without it, only free events can be published",
        examples=["sk_test_…"],
    )
    stripe_api_base: HttpAddress | None = Field(
        default=None,
        description="A Stripe stand-in on this machine; requires a test key",
        examples=["http://127.0.0.1:12111"],
    )
    stripe_activities_per_second: float = Field(
        default=10,
        gt=0,
        allow_inf_nan=False,
        le=MOST_ACTIVITIES_PER_SECOND,
        description="Stripe activities per second of all workers together; most make two requests. "
        "Stripe allows 25 requests per second in a sandbox, 100 in live mode, and 25 per endpoint",
    )
    order_stripe_activities_per_second: float = Field(
        default=20,
        gt=0,
        allow_inf_nan=False,
        le=MOST_ACTIVITIES_PER_SECOND,
        description=(
            "Stripe activities of orders per second of all workers together, in addition to those"
            " of publications"
        ),
    )
    platform_fee_percent: Decimal = Field(
        default=Decimal(0),
        ge=0,
        lt=100,
        decimal_places=2,
        description="The platform's share of each order, in percent of the listed prices",
        examples=["2.5"],
    )
    platform_fee_fixed: FixedFees = Field(
        default="",
        description="The platform's additional share of each order, by currency and in minor "
        "units. Orders in other currencies have none",
        examples=["eur:50,usd:50"],
    )
    worker_build_id: BuildId = Field(
        default="",
        description="ID of the release. Open sessions stay on the build they started on. "
        "Empty: workers have no version",
        examples=["1.8.0"],
    )
    worker_max_cached_workflows: int = Field(
        default=CACHED_WORKFLOWS,
        ge=1,
        le=MOST_CACHED_WORKFLOWS,
        description="Sessions that a worker keeps in memory",
    )
    worker_ready_file: ReadyFile | None = Field(
        default=None,
        description="A file that the worker touches every five seconds while it accepts tasks",
        examples=["/tmp/worker-ready"],  # noqa: S108 (an example, which nothing opens)
    )
    session_abandon_after: Seconds = Field(
        default=TWO_DAYS,
        description="Seconds without a change after which a session is abandoned (2 days); "
        "0: never",
    )
    session_retention: Seconds = Field(
        default=0,
        description="Seconds after which a closed session is erased; 0: never",
    )
    session_remind_before: Seconds = Field(
        default=DEFAULT_REMIND_BEFORE_SECONDS,
        description="Seconds before a session expires at which its owner is reminded (1 day); "
        "0: no reminder",
    )
    stripe_event_retention: Seconds = Field(
        default=NINETY_DAYS,
        description="Seconds after which the reference in a processed Stripe event is deleted "
        "(90 days); 0: never",
    )
    order_retention: Seconds = Field(
        default=0,
        description="Seconds after the end of an event at which its orders are deleted; 0: never",
    )
    notification_url: ReceiverUrl | None = Field(
        default=None,
        description="Receives the signed webhooks that notify owners; "
        "requires NOTIFICATION_SECRETS. Off unless set",
        examples=["https://hooks.example.com/wizard"],
    )
    notification_secrets: SigningSecrets = Field(
        default=(),
        description="Secrets that sign notifications, separated by commas. All of them sign",
        examples=["whsec_…"],
    )
    notification_retention: Seconds = Field(
        default=THIRTY_DAYS,
        description="Seconds after which a delivered notification is deleted (30 days); 0: never",
    )

    @property
    def media_address(self) -> str:
        """Empty if it is not known."""
        return self.media_public_url or self.public_url or ""

    @property
    def fees(self) -> FeePolicy:
        return FeePolicy(self.platform_fee_percent, fixed_fees(self.platform_fee_fixed))

    @model_validator(mode="after")
    def _receiver_has_secrets(self) -> Self:
        if (self.notification_url is None) != (not self.notification_secrets):
            raise ValueError("NOTIFICATION_URL: set it and NOTIFICATION_SECRETS, or neither")
        return self

    @model_validator(mode="after")
    def _sessions_end_last(self) -> Self:
        """Only of chosen values: the defaults do no harm beside a short lifetime."""
        for name in ("session_abandon_after", "session_remind_before"):
            if name in self.model_fields_set and getattr(self, name) >= self.session_ttl:
                raise ValueError(
                    f"{name.upper()}: must be less than SESSION_TTL ({self.session_ttl}), which is "
                    "the same for API and worker"
                )
        return self

    @model_validator(mode="after")
    def _stand_in_gets_no_live_key(self) -> Self:
        if self.stripe_api_base is None:
            return self
        if self.stripe_api_key is None:
            raise ValueError("STRIPE_API_BASE: requires STRIPE_API_KEY")
        if not self.stripe_api_key.get_secret_value().startswith(TEST_KEYS):
            raise ValueError(
                "STRIPE_API_BASE: requires a test key: live keys are sent to Stripe only"
            )
        if not is_on_loopback(self.stripe_api_base):
            raise ValueError("STRIPE_API_BASE: must be an address on this machine")
        return self
