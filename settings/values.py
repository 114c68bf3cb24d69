"""Types of settings: how their text is read, and what it must be."""

from base64 import b64decode
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import AfterValidator, BeforeValidator, SecretStr, StringConstraints
from pydantic_settings import NoDecode

from domain.orders.fees import fixed_fees
from payments.webhook_secrets import WebhookSecret

MIN_ID_SECRET: Final = 32

MAX_PORT: Final = 65_535

WHSEC: Final = "whsec_"
MIN_SIGNING_SECRET_BYTES: Final = 24
"""Standard Webhooks, "Signature scheme": 24 to 64 bytes."""

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_on_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def _split_on_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


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
