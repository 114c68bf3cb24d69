"""Settings of the API."""

from functools import cached_property
from pathlib import Path
from typing import Final, Self

from pydantic import Field, model_validator

from payments.webhook_secrets import WebhookSecret
from pictures.settings import PictureSettings
from settings.addresses import (
    MAX_PORT,
    Host,
    LegalLinks,
    Networks,
    Origins,
    PostgresUrl,
    RedisUrl,
    listen_on_one,
)
from settings.assistant import AssistantSettings
from settings.common import AddressSettings, LifetimeSettings, ObservedSettings
from settings.temporal import TemporalSettings
from settings.tokens import TokenSettings
from settings.values import (
    MIN_ID_SECRET,
    IdSecret,
    Name,
    Rates,
    WebFolder,
    WebhookSecrets,
)

MIN_BODY_BYTES: Final = 128 * 1024
"""The data of a stage, 96 KiB, with room for the JSON around it."""

MAX_BODY_BYTES: Final = 1024 * 1024
"""Half of what Temporal accepts as one payload: a body becomes the payload of an update, with the
ids of the request, and encrypted. A larger payload jams its session."""

MAX_QUOTA: Final = 10**15
MAX_COUNT: Final = 10**6

DEFAULT_WEB_ROOT: Final = Path(__file__).parents[1] / "web" / "dist"


class ApiSettings(
    TokenSettings,
    TemporalSettings,
    ObservedSettings,
    AddressSettings,
    LifetimeSettings,
    PictureSettings,
    AssistantSettings,
):
    """Settings of the API."""

    database_api_url: PostgresUrl = Field(
        description="Postgres, as the role wizard_api; the API refuses any other",
        examples=["postgresql://wizard_api:secret@localhost:5432/wizard"],
    )
    database_listen_url: PostgresUrl | None = Field(
        default=None,
        description=(
            "Like DATABASE_API_URL, but without a pooler in between: for the one connection on "
            "which the API listens for session changes. Default: DATABASE_API_URL; behind a "
            "pooler that shares connections, the API then polls once a second"
        ),
        examples=["postgresql://wizard_api:secret@localhost:5432/wizard"],
    )
    api_host: Host = Field(default="127.0.0.1", description="Address that the API listens on")
    api_port: int = Field(
        default=8000, ge=1, le=MAX_PORT, description="Port that the API listens on"
    )

    id_secret: IdSecret = Field(
        description=(
            "Secret from which IDs of sessions and orders are derived, so that others cannot "
            f"guess them; at least {MIN_ID_SECRET} characters, the same for all API processes"
        ),
        examples=["…"],
    )
    max_body_bytes: int = Field(
        default=524_288,
        ge=MIN_BODY_BYTES,
        le=MAX_BODY_BYTES,
        description="Largest request body (512 KiB), from 128 KiB to 1 MiB",
    )
    legal_links: LegalLinks = Field(
        default=(),
        description="Links at the foot of the public pages, such as the imprint, separated by "
        "commas",
        examples=["Imprint=https://example.com/imprint,Privacy=https://example.com/privacy"],
    )
    web_root: WebFolder | None = Field(
        default=None,
        description=(
            "Folder of the built front end, which the API serves at /. Default: web/dist beside "
            "the code, once it is built; empty: no front end"
        ),
        examples=["/srv/wizard/web"],
    )
    cors_origins: Origins = Field(
        default=(),
        description="Origins of front ends, separated by commas",
        examples=["https://app.example.com"],
    )

    web_client_id: Name | None = Field(
        default=None,
        description=(
            "Client ID of the web front end at the identity provider, where it is a public "
            "client. Unless set, the front end offers no sign-in"
        ),
        examples=["event-wizard-web"],
    )
    web_issuer: Name | None = Field(
        default=None,
        description=(
            "The issuer at which the web front end signs in, one of JWT_ISSUER. Default: the first"
        ),
        examples=["https://issuer.example"],
    )
    web_scope: Name = Field(
        default="openid profile email offline_access",
        description="The scopes that the web front end requests",
    )
    media_quota: int = Field(
        default=500_000_000,
        ge=0,
        le=MAX_QUOTA,
        description="Maximum bytes of pictures per tenant (500 MB)",
    )

    rate_limit: Rates = Field(
        default="600/minute",
        description="Requests per verified user. Several rates are separated by semicolons "
        "(600/minute;20/second); empty: no limit",
    )
    rate_limit_per_address: Rates = Field(default="1200/minute", description="Requests per address")
    rate_limit_orders: Rates = Field(
        default="60/minute",
        description="Orders and cancellations without a token, per address",
    )
    rate_limit_media: Rates = Field(default="60/minute", description="Picture uploads per tenant")
    copilot_rate_limit: Rates = Field(
        default="120/minute",
        description="Assistant runs, and sentences that it reads, per verified user",
    )
    copilot_warm_up: bool = Field(
        default=True,
        description=(
            "Load the assistant's tables of cities and languages at startup, which takes a few "
            "seconds of CPU time. false: load them with the first sentence, which then waits for "
            "them"
        ),
    )
    holds_per_address: int = Field(
        default=20,
        ge=0,
        le=MAX_COUNT,
        description="Unpaid orders per address and event; 0: no limit. All buyers "
        "behind a proxy count as one address unless TRUSTED_PROXIES names it",
    )
    rate_limit_webhooks: Rates = Field(
        default="3000/minute", description="Webhook requests per address"
    )
    redis_url: RedisUrl | None = Field(
        default=None,
        description="Shares request counters between API processes; "
        "unless it is set and reachable, each process counts separately",
        examples=["redis://localhost:6379"],
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are "
        "trusted, separated by commas",
        examples=["10.0.0.0/8"],
    )
    max_open_sessions: int = Field(
        default=1000, ge=1, le=MAX_COUNT, description="Maximum open sessions per tenant"
    )

    stripe_webhook_secrets: WebhookSecrets = Field(
        default=(),
        description="Signing secrets of Stripe's webhook endpoints, separated by commas; "
        "several while one is rotated. A secret with the prefix platform: or connect: accepts the "
        "events of that endpoint alone",
        examples=["platform:whsec_…,connect:whsec_…"],
    )
    stripe_livemode: bool = Field(
        default=False,
        description="true if the worker's STRIPE_API_KEY is a live key. Events of the other mode "
        "are ignored",
    )

    @model_validator(mode="after")
    def _no_development_identity_beyond_this_machine(self) -> Self:
        self.refuse_plain_addresses_on(self.api_host)
        return self

    @model_validator(mode="after")
    def _web_issuer_is_accepted(self) -> Self:
        if self.web_issuer is not None and self.web_issuer not in self.issuers:
            raise ValueError("WEB_ISSUER: must be one of JWT_ISSUER")
        if "openid" not in self.web_scope.split():
            raise ValueError("WEB_SCOPE: must contain openid")
        return self

    @model_validator(mode="after")
    def _secrets_and_addresses_differ(self) -> Self:
        if self.id_secret == self.jwt_secret:
            raise ValueError("ID_SECRET: must differ from JWT_SECRET, which the issuer has")
        if self.metrics_address is not None:
            host, _, port = self.metrics_address.rpartition(":")
            metrics = (host.strip("[]"), int(port))
            if listen_on_one(metrics, (self.api_host, self.api_port)):
                raise ValueError("METRICS_ADDRESS: must have another port than API_PORT")
        return self

    @cached_property
    def sign_in_issuer(self) -> str:
        """The issuer at which the web front end signs in."""
        return self.web_issuer or self.issuers[0]

    @cached_property
    def listen_dsn(self) -> str:
        return (self.database_listen_url or self.database_api_url).get_secret_value()

    @cached_property
    def named_legal_links(self) -> tuple[tuple[str, str], ...]:
        """Names and addresses."""
        pairs = (link.partition("=") for link in self.legal_links)
        return tuple((name.strip(), url.strip()) for name, _, url in pairs)

    @cached_property
    def web_folder(self) -> Path | None:
        """Of the front end, which need not be built yet."""
        if self.web_root is None:
            return DEFAULT_WEB_ROOT
        return Path(self.web_root) if self.web_root else None

    @cached_property
    def public_address(self) -> str:
        return self.public_url or f"http://{self.api_host}:{self.api_port}"

    @cached_property
    def media_address(self) -> str:
        """The server that has the pictures at ``/media/``."""
        return self.media_public_url or self.public_address

    @cached_property
    def webhook_secrets(self) -> tuple[WebhookSecret, ...]:
        """The secrets with the endpoints that they belong to."""
        return tuple(WebhookSecret.parse(entry) for entry in self.stripe_webhook_secrets)
