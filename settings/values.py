"""Types of settings: how their text is read, and what it must be."""

import re
from base64 import b64decode
from pathlib import Path
from typing import Annotated, Final

from limits import parse_many
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_settings import NoDecode

from domain.orders.fees import fixed_fees
from payments.webhook_secrets import WebhookSecret

MIN_ID_SECRET: Final = 32

MIN_TOKEN_SECRET_BYTES: Final = 32
"""RFC 7518, section 3.2: an HS256 key must be at least as long as the hash."""

WHSEC: Final = "whsec_"
MIN_SIGNING_SECRET_BYTES: Final = 24
"""Standard Webhooks, "Signature scheme": 24 to 64 bytes."""

_PERMISSION: Final = re.compile(r"[^\s,*]+")
_BUILD_ID: Final = re.compile(r"[A-Za-z0-9_.+-]{0,200}")
_STRIPE_KEY: Final = re.compile(r"[sr]k_(test|live)_[!-~]+")

HUNDRED_YEARS: Final = 100 * 366 * 24 * 60 * 60
"""In seconds. Dates that are further away cannot be represented."""


def _split_on_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _in_upper_case(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _checked_rates(rates: str) -> str:
    """An empty text means no limit."""
    if rates:
        try:
            is_rate = all(rate.amount > 0 for rate in parse_many(rates))
        except ValueError:
            is_rate = False
        if not is_rate:
            raise ValueError(
                'must be a rate like "600/minute" or "600/minute;20/second", or empty for no limit'
            )
    return rates


def _checked_id_secret(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().strip()) < MIN_ID_SECRET:
        raise ValueError(f"must have at least {MIN_ID_SECRET} characters")
    return secret


def _checked_token_secret(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().strip().encode()) < MIN_TOKEN_SECRET_BYTES:
        raise ValueError(f"must have at least {MIN_TOKEN_SECRET_BYTES} bytes")
    return secret


def _checked_permission(permission: str) -> str:
    if not _PERMISSION.fullmatch(permission):
        raise ValueError("must be one permission, without spaces, commas and *")
    return permission


def _checked_build_id(build_id: str) -> str:
    """It becomes a part of queries."""
    if not _BUILD_ID.fullmatch(build_id):
        raise ValueError("must be at most 200 letters, digits, dots, hyphens, underscores and +")
    return build_id


def _checked_fees(fees: str) -> str:
    fixed_fees(fees)
    return fees


def _checked_api_key(key: SecretStr) -> SecretStr:
    """A secret key, or a restricted one."""
    text = key.get_secret_value()
    if text.startswith("pk_"):
        raise ValueError("must be a secret key (sk_…), and is a publishable key")
    if text.startswith(WHSEC):
        raise ValueError("must be an API key (sk_…), and is the secret of a webhook endpoint")
    if not _STRIPE_KEY.fullmatch(text):
        raise ValueError("must be a key like sk_test_…, sk_live_…, rk_test_… or rk_live_…")
    return key


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


def _checked_web_root(folder: str) -> str:
    """An empty text means no front end."""
    if folder and not (Path(folder) / "index.html").is_file():
        raise ValueError("must be a folder with index.html")
    return folder


def _checked_ready_file(path: str) -> str:
    if not path.strip() or Path(path).is_dir() or not Path(path).parent.is_dir():
        raise ValueError("must be a file in a folder that exists")
    return path


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_on_commas)]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split_on_commas)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Permission = Annotated[str, AfterValidator(_checked_permission)]
InUpperCase = BeforeValidator(_in_upper_case)
Seconds = Annotated[int, Field(ge=0, le=HUNDRED_YEARS)]
Rates = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_checked_rates)]
SigningSecrets = Annotated[Secrets, AfterValidator(_checked_signing_secrets)]
WebhookSecrets = Annotated[Secrets, AfterValidator(_checked_webhook_secrets)]
BuildId = Annotated[str, AfterValidator(_checked_build_id)]
TokenSecret = Annotated[SecretStr, AfterValidator(_checked_token_secret)]
IdSecret = Annotated[SecretStr, AfterValidator(_checked_id_secret)]
StripeKey = Annotated[SecretStr, AfterValidator(_checked_api_key)]
FixedFees = Annotated[str, AfterValidator(_checked_fees)]
WebFolder = Annotated[str, AfterValidator(_checked_web_root)]
ReadyFile = Annotated[str, AfterValidator(_checked_ready_file)]
