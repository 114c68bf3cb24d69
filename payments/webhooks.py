"""Verifies Stripe's webhooks by their signatures.

Accepts snapshot events of API v1 and thin events of v2, from the platform and from connected
accounts, whose endpoints have different secrets.
Source: https://docs.stripe.com/webhooks/signature.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import pydantic_core
import stripe
from pydantic import SecretStr, ValidationError

from domain.json_values import JsonObject
from payments.errors import LivemodeMismatch, SignatureRefused
from payments.models import InboxEvent

TOLERANCE: Final = 300
"""The maximum age of a signature, in seconds; Stripe signs each delivery again."""

# Postgres cannot store NUL in a text. It is replaced, so that the event is not lost.
_NUL: Final = "\\u0000"
_REPLACEMENT: Final = "\\ufffd"

_SNAPSHOT: Final = "event"
_THIN: Final = "v2.core.event"
_ACCOUNT: Final = "v2.core.account"


def verify(
    body: bytes,
    signature: str | None,
    secrets: Sequence[SecretStr],
    *,
    livemode: bool,
    tolerance: int = TOLERANCE,
) -> InboxEvent:
    """Returns the event in a request's raw body. During a rotation, several secrets are valid.

    Raises:
        SignatureRefused: the signature is missing, invalid or too old, or the body is not an event.
        LivemodeMismatch: a test event at a live endpoint, or vice versa.
    """
    if not signature:
        raise SignatureRefused("The Stripe-Signature header is required")
    text = _text(body)
    if not any(_is_signed(text, signature, secret, tolerance) for secret in secrets):
        raise SignatureRefused("The signature is not valid, or is too old")
    event = _event(_object(text))
    if event.livemode != livemode:
        raise LivemodeMismatch(
            f"Event {event.id} has livemode {event.livemode}, expected {livemode}"
        )
    return event


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise SignatureRefused("The body is not text") from None


def _is_signed(text: str, signature: str, secret: SecretStr, tolerance: int) -> bool:
    """Whether the secret made the signature. The SDK's constant-time comparison requires ASCII."""
    if not signature.isascii():
        return False
    try:
        stripe.WebhookSignature.verify_header(text, signature, secret.get_secret_value(), tolerance)
    except stripe.SignatureVerificationError:
        return False
    return True


def _object(text: str) -> JsonObject:
    try:
        value = pydantic_core.from_json(text.replace(_NUL, _REPLACEMENT), allow_inf_nan=False)
        json.dumps(value, allow_nan=False)  # 1e999 is parsed as infinity, which is not valid JSON
    except ValueError:
        raise SignatureRefused("The body is not JSON") from None
    if not isinstance(value, dict):
        raise SignatureRefused("The body is not an event")
    return value


def _event(payload: JsonObject) -> InboxEvent:
    kind = payload.get("object")
    if kind not in (_SNAPSHOT, _THIN):
        raise SignatureRefused("The body is not an event")
    thin = kind == _THIN
    account = _account_of_thin(payload) if thin else payload.get("account")
    try:
        return InboxEvent.model_validate(
            {**payload, "account": account, "payload": payload, "thin": thin}
        )
    except ValidationError:
        raise SignatureRefused("The body is not an event") from None


def _account_of_thin(payload: JsonObject) -> Any:
    """The related account, else the last id of the context, which is a path of account ids."""
    related = payload.get("related_object")
    if isinstance(related, dict) and related.get("type") == _ACCOUNT:
        return related.get("id")
    context = payload.get("context")
    return context.rpartition("/")[2] if isinstance(context, str) and context else None
