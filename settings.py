"""Settings, read once from the environment. Invalid ones end the process, with one line for each.

Each process has its own type: ``WorkerSettings``, ``ApiSettings``, ``CodecSettings`` and
``MigrationSettings``. ``make settings`` writes ``docs/settings.md`` and ``.env.example`` from the
descriptions here. Temporal's client has the SDK's own settings: see ``temporal/client.py``.
"""

import sys
from base64 import b64decode
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, NoReturn, Self, TypeVar
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.orders.fees import FeePolicy, fixed_fees
from domain.session.notifications import DEFAULT_REMIND_BEFORE_SECONDS
from domain.session.state import DEFAULT_SESSION_TTL_SECONDS
from payments.webhook_secrets import WebhookSecret
from pictures.settings import PictureSettings
from temporal.encryption.keys import KeyRing, PayloadKeys

MIN_SECRET_BYTES = 32
"""RFC 7518, section 3.2: an HS256 key must be at least as long as the hash."""

MIN_ID_SECRET = 32

MAX_PORT = 65_535

TWO_DAYS = 2 * 24 * 60 * 60
NINETY_DAYS = 90 * 24 * 60 * 60
THIRTY_DAYS = 30 * 24 * 60 * 60

CACHED_WORKFLOWS = 700
"""With this many cached sessions, a worker uses less than 300 MB."""

WHSEC = "whsec_"
MIN_SIGNING_SECRET_BYTES = 24
"""Standard Webhooks, "Signature scheme": 24 to 64 bytes."""

AZP = "azp:"
"""Begins a list of clients in place of an audience."""

SAME_USERS = "="
"""Before an issuer that has the users of the first one, such as the provider's other address."""

_NAMESPACE_DIGITS = 8

TEST_KEYS = ("sk_test_", "rk_test_")

DEFAULT_WEB_ROOT = Path(__file__).with_name("web") / "dist"

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def _is_on_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def _split_on_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _namespace(issuer: str) -> str:
    return f"{sha256(issuer.encode()).hexdigest()[:_NAMESPACE_DIGITS]}|"


def _checked_audiences(audiences: tuple[str, ...]) -> tuple[str, ...]:
    for audience in audiences:
        AcceptedAudience.parse(audience)
    return audiences


def _checked_legal_links(links: tuple[str, ...]) -> tuple[str, ...]:
    for link in links:
        name, _, url = link.partition("=")
        if not name.strip() or not url.strip().startswith("https://"):
            raise ValueError("must be names and https addresses, such as Imprint=https://…")
    return links


def _without_wildcard(origins: tuple[str, ...]) -> tuple[str, ...]:
    if "*" in origins:
        raise ValueError("must list origins; a wildcard is not allowed")
    return origins


def _checked_rates(rates: str) -> str:
    """An empty text means no limit."""
    if rates:
        try:
            parse_many(rates)
        except ValueError:
            raise ValueError('must be a rate like "600/minute" or "600/minute;20/second"') from None
    return rates


def _checked_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    """Uvicorn would treat any other text as a name, which never matches an address."""
    try:
        return tuple(str(ip_network(network)) for network in networks)
    except ValueError:
        raise ValueError("must list IP addresses or networks like 10.0.0.0/8") from None


def _checked_id_secret(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < MIN_ID_SECRET:
        raise ValueError(f"must have at least {MIN_ID_SECRET} characters")
    return secret


def _checked_fees(fees: str) -> str:
    fixed_fees(fees)
    return fees


def _checked_redis_url(url: SecretStr) -> SecretStr:
    if urlsplit(url.get_secret_value()).scheme not in {"redis", "rediss"}:
        raise ValueError("must begin with redis:// or rediss://")
    return url


def _checked_receiver(url: SecretStr) -> SecretStr:
    """Refuses credentials, because the URL may appear in logs and errors."""
    parts = urlsplit(url.get_secret_value())
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not contain a user name or password")
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
    )
    if not is_safe or not parts.hostname:
        raise ValueError("must use https, except on this machine")
    return url


def _checked_signing_secrets(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for number, secret in enumerate(secrets, 1):
        text = secret.get_secret_value()
        try:
            key = b64decode(text.removeprefix(WHSEC), validate=True)
        except ValueError:
            key = b""
        if not text.startswith(WHSEC) or len(key) < MIN_SIGNING_SECRET_BYTES:
            raise ValueError(
                f"secret {number} must be {WHSEC} followed by at least "
                f"{MIN_SIGNING_SECRET_BYTES} bytes in base64"
            )
    return secrets


def _checked_webhook_secrets(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for number, secret in enumerate(secrets, 1):
        try:
            WebhookSecret.parse(secret)
        except ValueError as error:
            raise ValueError(f"secret {number} {error}") from None
    return secrets


def _checked_listener(address: str) -> str:
    """The SDK requires an IP address and a port; it does not resolve names."""
    host, _, port = address.rpartition(":")
    try:
        ip_address(host.strip("[]"))
        is_port = 0 < int(port) <= MAX_PORT
    except ValueError:
        is_port = False
    if not is_port:
        raise ValueError("must be an IP address and a port, like 127.0.0.1:9464")
    return address


def _checked_web_root(folder: str) -> str:
    """An empty text means no front end."""
    if folder and not (Path(folder) / "index.html").is_file():
        raise ValueError("must be a folder with index.html")
    return folder


def _checked_http_address(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise ValueError("must begin with http:// or https://")
    return url.rstrip("/")


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_on_commas)]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split_on_commas)]
Origins = Annotated[Texts, AfterValidator(_without_wildcard)]
Audiences = Annotated[Texts, AfterValidator(_checked_audiences)]
LegalLinks = Annotated[Texts, AfterValidator(_checked_legal_links)]
Networks = Annotated[Texts, AfterValidator(_checked_networks)]
Rates = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_checked_rates)]
ReceiverUrl = Annotated[SecretStr, AfterValidator(_checked_receiver)]
SigningSecrets = Annotated[Secrets, AfterValidator(_checked_signing_secrets)]
WebhookSecrets = Annotated[Secrets, AfterValidator(_checked_webhook_secrets)]
BuildId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.+-]*$", max_length=200)]
IdSecret = Annotated[SecretStr, AfterValidator(_checked_id_secret)]
FixedFees = Annotated[str, AfterValidator(_checked_fees)]
RedisUrl = Annotated[SecretStr, AfterValidator(_checked_redis_url)]
MetricsAddress = Annotated[str, AfterValidator(_checked_listener)]
WebFolder = Annotated[str, AfterValidator(_checked_web_root)]
HttpAddress = Annotated[str, AfterValidator(_checked_http_address)]


class AcceptedAudience(NamedTuple):
    """The tokens of an issuer that are for this deployment."""

    audience: str | None
    """None: tokens have no audience, and ``parties`` decides."""

    parties: frozenset[str] = frozenset()
    """The clients that tokens may be issued to (``azp``, else ``client_id``)."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            ValueError: there is no client after the prefix.
        """
        if not text.startswith(AZP):
            return cls(text)
        parties = frozenset(filter(None, text.removeprefix(AZP).split("|")))
        if not parties:
            raise ValueError(f"must have a client after {AZP}")
        return cls(None, parties)


class CommonSettings(BaseSettings):
    """Settings of every process."""

    model_config = SettingsConfigDict(
        env_file=None, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json (one object per line), or console (for a terminal)"
    )
    payload_keys: PayloadKeys = Field(
        default=SecretStr(""),
        description="Keys that encrypt Temporal's payloads: id:base64 of 32 bytes, separated by "
        "commas. The first key encrypts, all decrypt. Required by the codec server",
        examples=["2031-05:…,2030-11:…"],
    )

    @cached_property
    def key_ring(self) -> KeyRing:
        """The keys that encrypt all payloads that Temporal stores."""
        return KeyRing.parse(self.payload_keys)


class ObservedSettings(CommonSettings):
    """Where the process exports metrics and traces; nowhere unless set."""

    metrics_address: MetricsAddress | None = Field(
        default=None,
        description="IP address and port that serve the metrics of Temporal's SDK and of the "
        "worker; each process needs a separate one. Off unless set",
        examples=["127.0.0.1:9464"],
    )
    otel_exporter_otlp_endpoint: HttpAddress | None = Field(
        default=None,
        description="Receives OpenTelemetry traces, by OTLP over HTTP. Off unless set",
        examples=["http://127.0.0.1:4318"],
    )


class AddressSettings(CommonSettings):
    """Where people reach the deployment, of the processes that tell others."""

    public_url: HttpAddress | None = Field(
        default=None,
        description="Address at which people reach the public pages of events, where Stripe sends "
        "buyers back to. Unless set, the address that the API listens on",
        examples=["https://tickets.example.com"],
    )
    media_public_url: HttpAddress | None = Field(
        default=None,
        description="Address of the server that has the pictures at /media/, such as a content "
        "delivery network in front of the API or of the bucket. Unless set, PUBLIC_URL",
        examples=["https://cdn.example.com"],
    )


class WorkerSettings(ObservedSettings, AddressSettings, PictureSettings):
    """Settings of ``worker.py``."""

    database_url: SecretStr = Field(
        description="Postgres, as the role wizard_worker; the worker refuses any other",
        examples=["postgresql://wizard_worker:secret@localhost:5432/wizard"],
    )
    stripe_api_key: SecretStr | None = Field(
        default=None,
        description="Stripe's secret key; without it, only free events can be published",
        examples=["sk_test_…"],
    )
    stripe_api_base: str | None = Field(
        default=None,
        description="A Stripe stand-in on this machine; requires a test key",
        examples=["http://127.0.0.1:12111"],
    )
    stripe_activities_per_second: float = Field(
        default=10,
        gt=0,
        description="Stripe activities per second of all workers together; most make two requests. "
        "Stripe allows 25 requests per second in a sandbox, 100 in live mode, and 25 per endpoint",
    )
    order_stripe_activities_per_second: float = Field(
        default=20,
        gt=0,
        description="Stripe activities of orders per second of all workers together, beside those "
        "of publications",
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
        description="Id of the release. Open sessions stay on the build they started on. "
        "Empty: workers have no version",
        examples=["1.8.0"],
    )
    worker_max_cached_workflows: int = Field(
        default=CACHED_WORKFLOWS, ge=1, description="Sessions that a worker keeps in memory"
    )
    worker_ready_file: str | None = Field(
        default=None,
        description="A file that the worker touches every five seconds while it takes tasks",
        examples=["/tmp/worker-ready"],  # noqa: S108 (an example, which nothing opens)
    )
    session_abandon_after: int = Field(
        default=TWO_DAYS,
        ge=0,
        description="Seconds without a change after which a session is abandoned (2 days); "
        "0: never",
    )
    session_retention: int = Field(
        default=0,
        ge=0,
        description="Seconds after which a closed session is erased; 0: never",
    )
    session_remind_before: int = Field(
        default=DEFAULT_REMIND_BEFORE_SECONDS,
        ge=0,
        description="Seconds before a session expires at which its owner is reminded (1 day); "
        "0: no reminder",
    )
    stripe_event_retention: int = Field(
        default=NINETY_DAYS,
        ge=0,
        description="Seconds after which the reference in a processed Stripe event is deleted "
        "(90 days); 0: never",
    )
    order_retention: int = Field(
        default=0,
        ge=0,
        description="Seconds after the end of an event until its orders are deleted; 0: never",
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
    notification_retention: int = Field(
        default=THIRTY_DAYS,
        ge=0,
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
            raise ValueError("set both NOTIFICATION_URL and NOTIFICATION_SECRETS, or neither")
        return self

    @model_validator(mode="after")
    def _stand_in_gets_no_live_key(self) -> Self:
        if self.stripe_api_base is None:
            return self
        if self.stripe_api_key is None:
            raise ValueError("STRIPE_API_BASE requires STRIPE_API_KEY")
        if not self.stripe_api_key.get_secret_value().startswith(TEST_KEYS):
            raise ValueError(
                "STRIPE_API_BASE requires a test key: live keys are sent to Stripe only"
            )
        if not _is_on_loopback(self.stripe_api_base):
            raise ValueError("STRIPE_API_BASE must be an address on this machine")
        return self


class MigrationSettings(CommonSettings):
    """Settings of ``migrate.py``: its role owns the tables."""

    database_migration_url: SecretStr = Field(
        description="Postgres, as a role that owns the tables and may create roles",
        examples=["postgresql://owner:secret@localhost:5432/wizard"],
    )


class TokenSettings(CommonSettings):
    """How tokens are verified, in every process that requires a login."""

    jwt_issuer: Texts = Field(
        min_length=1,
        description="Issuers of the tokens, separated by commas. Users and organizations of a "
        "further issuer have ids of their own; with = before it, those of the first",
        examples=["https://issuer.example"],
    )
    jwt_audience: Audiences = Field(
        min_length=1,
        description="The audience that a token must have: one for all issuers, or one for each in "
        "the same order, separated by commas. azp: and clients, separated by |, accepts tokens "
        "without an audience that were issued to one of these (the claim azp, else client_id)",
        examples=["event-wizard"],
    )
    jwt_jwks_url: Texts = Field(
        default=(),
        description="URLs of the key sets, one for each issuer, in the same order. "
        "Set either this or JWT_SECRET",
        examples=["https://issuer.example/.well-known/jwks.json"],
    )
    jwt_secret: SecretStr | None = Field(
        default=None, description="Shared secret for HS256, at least 32 bytes", examples=["…"]
    )
    jwt_publish_permission: str | None = Field(
        default=None,
        min_length=1,
        description="Only tokens with this permission may publish, and pause, resume and close "
        "sales. Unless set, every member may",
        examples=["wizard:publish"],
    )

    @model_validator(mode="after")
    def _keys_have_one_source(self) -> Self:
        if self.jwt_secret is None and not self.jwt_jwks_url:
            raise ValueError(
                "set JWT_JWKS_URL or JWT_SECRET: tokens cannot be verified without one"
            )
        if self.jwt_secret is not None and self.jwt_jwks_url:
            raise ValueError("set either JWT_JWKS_URL or JWT_SECRET, not both")
        if self.jwt_jwks_url and len(self.jwt_jwks_url) != len(self.jwt_issuer):
            raise ValueError(
                "JWT_JWKS_URL must list one URL for each JWT_ISSUER, in the same order"
            )
        if self.jwt_secret and len(self.jwt_secret.get_secret_value().encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"JWT_SECRET must have at least {MIN_SECRET_BYTES} bytes")
        for name, url in self._plain_addresses():
            if not _is_on_loopback(url):
                raise ValueError(f"{name} must use https, except on this machine")
        return self

    @model_validator(mode="after")
    def _lists_are_of_the_same_issuers(self) -> Self:
        if len(set(self.issuers)) != len(self.issuers):
            raise ValueError("JWT_ISSUER must list each issuer once")
        if len(self.jwt_audience) not in {1, len(self.jwt_issuer)}:
            raise ValueError(
                "JWT_AUDIENCE must list one audience, or one for each JWT_ISSUER, in the same order"
            )
        return self

    def refuse_plain_addresses_on(self, host: str) -> None:
        """The development identity uses plain http on loopback, and production serves other
        machines. So production cannot use it, and no separate switch can be forgotten.

        Raises:
            ValueError: ``host`` serves other machines, and a URL of an issuer is not https.
        """
        if host not in LOOPBACK_HOSTS:
            for name, _ in self._plain_addresses():
                raise ValueError(f"{name} must use https if the process serves other machines")

    def _plain_addresses(self) -> list[tuple[str, str]]:
        """The settings with plain http. An issuer need not be a URL (RFC 7519, section 4.1.1)."""
        issuers = [issuer for issuer in self.issuers if urlsplit(issuer).scheme == "http"]
        key_sets = [url for url in self.jwt_jwks_url if urlsplit(url).scheme != "https"]
        return [("JWT_ISSUER", issuer) for issuer in issuers] + [
            ("JWT_JWKS_URL", url) for url in key_sets
        ]

    @cached_property
    def issuers(self) -> tuple[str, ...]:
        """As in the claim ``iss``."""
        return tuple(issuer.removeprefix(SAME_USERS) for issuer in self.jwt_issuer)

    @cached_property
    def issuer_namespaces(self) -> dict[str, str]:
        """The beginning of the ids of an issuer's users and organizations. Two providers may give
        the same id to two people. The first issuer has none, so that its ids stay what they were
        when a second one is added."""
        first, *further = self.jwt_issuer
        shared = {first, *(issuer for issuer in further if issuer.startswith(SAME_USERS))}
        return {
            issuer.removeprefix(SAME_USERS): "" if issuer in shared else _namespace(issuer)
            for issuer in self.jwt_issuer
        }

    @cached_property
    def issuer_audiences(self) -> dict[str, AcceptedAudience]:
        """What the tokens of each issuer must be for."""
        audiences = [AcceptedAudience.parse(text) for text in self.jwt_audience]
        if len(audiences) == 1:
            return dict.fromkeys(self.issuers, audiences[0])
        return dict(zip(self.issuers, audiences, strict=True))

    @cached_property
    def issuer_keys(self) -> dict[str, str | None]:
        """URLs of key sets by issuer; None if tokens are signed with the secret."""
        if not self.jwt_jwks_url:
            return dict.fromkeys(self.issuers)
        return dict(zip(self.issuers, self.jwt_jwks_url, strict=True))


class ApiSettings(TokenSettings, ObservedSettings, AddressSettings, PictureSettings):
    """Settings of the API."""

    database_api_url: SecretStr = Field(
        description="Postgres, as the role wizard_api; the API refuses any other",
        examples=["postgresql://wizard_api:secret@localhost:5432/wizard"],
    )
    database_listen_url: SecretStr | None = Field(
        default=None,
        description="As DATABASE_API_URL, but without a pooler in between, for the one connection "
        "on which the API listens for changes of sessions. Unless set, DATABASE_API_URL; behind a "
        "pooler that shares connections, the API then polls once a second",
        examples=["postgresql://wizard_api:secret@localhost:5432/wizard"],
    )
    api_host: str = Field(default="127.0.0.1", description="Address that the API listens on")
    api_port: int = Field(
        default=8000, ge=1, le=MAX_PORT, description="Port that the API listens on"
    )

    id_secret: IdSecret = Field(
        description="Keys the ids of sessions and orders that others could derive; "
        f"at least {MIN_ID_SECRET} characters, the same for all API processes",
        examples=["…"],
    )
    session_ttl: int = Field(
        default=DEFAULT_SESSION_TTL_SECONDS,
        ge=1,
        description="Seconds until a session expires (7 days)",
    )
    max_body_bytes: int = Field(
        default=524_288, ge=1024, description="Largest request body (512 KiB)"
    )
    legal_links: LegalLinks = Field(
        default=(),
        description="Links at the foot of the public pages, such as the imprint, separated by "
        "commas",
        examples=["Imprint=https://example.com/imprint,Privacy=https://example.com/privacy"],
    )
    web_root: WebFolder | None = Field(
        default=None,
        description="Folder of the built front end, which the API serves at /. Unless set, "
        "web/dist beside settings.py, as soon as it is built; empty: no front end",
        examples=["/srv/wizard/web"],
    )
    cors_origins: Origins = Field(
        default=(),
        description="Origins of front ends, separated by commas",
        examples=["https://app.example.com"],
    )

    web_client_id: str | None = Field(
        default=None,
        description="Id of the web front end at the identity provider, where it is a public "
        "client. Unless set, the front end offers no sign-in",
        examples=["event-wizard-web"],
    )
    web_issuer: str | None = Field(
        default=None,
        description="The issuer at which the web front end signs in, one of JWT_ISSUER. Unless "
        "set, the first",
        examples=["https://issuer.example"],
    )
    web_scope: str = Field(
        default="openid profile email offline_access",
        description="The scopes that the web front end requests",
    )
    media_quota: int = Field(
        default=500_000_000,
        ge=0,
        description="Bytes of pictures that one tenant may store (500 MB)",
    )

    rate_limit: Rates = Field(
        default="600/minute",
        description="Requests of one verified user. Several rates are separated by semicolons "
        "(600/minute;20/second); empty: no limit",
    )
    rate_limit_per_address: Rates = Field(
        default="1200/minute", description="Requests of one address"
    )
    rate_limit_orders: Rates = Field(
        default="60/minute",
        description="Orders and cancellations of one address, without a token",
    )
    rate_limit_media: Rates = Field(
        default="60/minute", description="Uploads of pictures of one tenant"
    )
    holds_per_address: int = Field(
        default=20,
        ge=0,
        description="Unpaid orders of one address for one event; 0: no limit. All buyers "
        "behind a proxy count as one address unless TRUSTED_PROXIES names it",
    )
    rate_limit_webhooks: Rates = Field(
        default="3000/minute", description="Requests of one address to the webhooks"
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
        default=1000, ge=1, description="Open sessions that one tenant may have"
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
            raise ValueError("WEB_ISSUER must be one of JWT_ISSUER")
        if "openid" not in self.web_scope.split():
            raise ValueError("WEB_SCOPE must contain openid")
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


class CodecSettings(TokenSettings):
    """Settings of ``codec_server.py``."""

    payload_keys: PayloadKeys = Field(min_length=1, description="Required here")
    operator_permission: str = Field(
        min_length=1,
        description="Only tokens with this permission may read encrypted payloads",
        examples=["wizard:operate"],
    )
    codec_host: str = Field(
        default="127.0.0.1", description="Address that the codec server listens on"
    )
    codec_port: int = Field(
        default=8200, ge=1, le=MAX_PORT, description="Port that the codec server listens on"
    )
    codec_cors_origins: Origins = Field(
        default=(),
        description="The origin of the Temporal UI",
        examples=["https://temporal.example.com"],
    )

    @model_validator(mode="after")
    def _no_development_identity_beyond_this_machine(self) -> Self:
        self.refuse_plain_addresses_on(self.codec_host)
        return self


SettingsT = TypeVar("SettingsT", bound=CommonSettings)


def load(kind: type[SettingsT]) -> SettingsT:
    """Reads the settings, or exits with one line per invalid setting."""
    try:
        return kind()
    except ValidationError as error:
        _refuse(error)


def _refuse(error: ValidationError) -> NoReturn:
    for problem in error.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in problem["loc"][:1]).upper() or "settings"
        sys.stderr.write(f"{name}: {_text_of(problem)}\n")
    raise SystemExit(2)


def _text_of(problem: ErrorDetails) -> str:
    if problem["type"] == "missing":
        return "is required"
    return problem["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
