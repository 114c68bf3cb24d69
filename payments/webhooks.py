"""Verifies Stripe's webhooks by their signatures, and reads what is used of an event.

Accepts snapshot events of API v1 and thin events of v2, from the platform and from connected
accounts, whose endpoints have different secrets.
Source: https://docs.stripe.com/webhooks/signature.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import pydantic_core
import stripe
from pydantic import SecretStr, ValidationError

from domain.ids import canonical_id
from domain.json_values import JsonObject
from payments.checkout_models import ORDER_KEY
from payments.errors import EndpointMismatch, SignatureRefused
from payments.models import InboxEvent
from payments.webhook_secrets import EndpointKind, WebhookSecret

TOLERANCE: Final = 300
"""The maximum age of a signature, in seconds; Stripe signs each delivery again."""

_SNAPSHOT: Final = "event"
_THIN: Final = "v2.core.event"
_ACCOUNT: Final = "v2.core.account"

_PING: Final = "v2.core.event_destination.ping"
"""A test of an endpoint, which Stripe sends to endpoints of both kinds."""

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,255}")
"""An id or a type. Some objects have ids that accounts choose, which may be any text."""


def verify(
    body: bytes,
    signature: str | None,
    secrets: Sequence[WebhookSecret],
    *,
    tolerance: int = TOLERANCE,
) -> InboxEvent:
    """Returns the event in a request's raw body. During a rotation, several secrets are valid.

    Raises:
        SignatureRefused: the signature is missing, invalid or too old, or the body is not an event.
        EndpointMismatch: the event is signed with the secret of the other endpoint.
    """
    if not signature:
        raise SignatureRefused("Send the header Stripe-Signature, as Stripe does.")
    text = _text(body)
    signers = [secret for secret in secrets if _is_signed(text, signature, secret.value, tolerance)]
    if not signers:
        raise SignatureRefused(
            "The signature is not by a secret in STRIPE_WEBHOOK_SECRETS, or is older than "
            f"{tolerance} seconds."
        )
    event = _event(_object(text))
    _require_endpoint(event, signers)
    return event


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise SignatureRefused("The body must be text in UTF-8.") from None


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
        value = pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError:
        raise SignatureRefused("The body must be JSON.") from None
    if not isinstance(value, dict):
        raise SignatureRefused("The body must be an event of Stripe.")
    return value


def _event(payload: JsonObject) -> InboxEvent:
    kind = payload.get("object")
    if kind not in (_SNAPSHOT, _THIN):
        raise SignatureRefused("The body must be an event of Stripe.")
    is_thin = kind == _THIN
    used = {
        **payload,
        "account": _account_of_thin(payload) if is_thin else payload.get("account"),
        "reference": _thin_reference(payload) if is_thin else _snapshot_reference(payload),
    }
    try:
        return InboxEvent.model_validate(used)
    except ValidationError:
        raise SignatureRefused("The body must be an event of Stripe.") from None


def _account_of_thin(payload: JsonObject) -> Any:
    """The related account, else the last id of the context, which is a path of account ids."""
    related = payload.get("related_object")
    if isinstance(related, dict) and related.get("type") == _ACCOUNT:
        return related.get("id")
    context = payload.get("context")
    return context.rpartition("/")[2] if isinstance(context, str) and context else None


def _thin_reference(payload: JsonObject) -> JsonObject | None:
    related = payload.get("related_object")
    return _reference(related, "type") if isinstance(related, dict) else None


def _snapshot_reference(payload: JsonObject) -> JsonObject | None:
    data = payload.get("data")
    changed = data.get("object") if isinstance(data, dict) else None
    return _reference(changed, "object") if isinstance(changed, dict) else None


def _reference(named: JsonObject, type_field: str) -> JsonObject | None:
    """Type and id of an object with its order and payment, or None if it has no id that Stripe
    made."""
    object_type, object_id = _name(named.get(type_field)), _name(named.get("id"))
    if object_type is None or object_id is None:
        return None
    return {
        "type": object_type,
        "id": object_id,
        "order_id": _order_id(named.get("metadata")),
        "payment_intent": _name(named.get("payment_intent")),
    }


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def _order_id(metadata: Any) -> str | None:
    """Accounts choose the metadata of their own objects, so only a UUID is kept."""
    value = metadata.get(ORDER_KEY) if isinstance(metadata, dict) else None
    return canonical_id(value) if isinstance(value, str) else None


def _require_endpoint(event: InboxEvent, signers: Sequence[WebhookSecret]) -> None:
    if event.type == _PING:
        return
    endpoint = EndpointKind.CONNECT if event.account else EndpointKind.PLATFORM
    if not any(secret.accepts(endpoint) for secret in signers):
        raise EndpointMismatch(event.id, endpoint)
