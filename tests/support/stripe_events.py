"""Stripe events as webhooks: snapshot and thin, with valid or invalid signatures."""

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import stripe

from domain.json_values import JsonObject

PATH = "/v1/webhooks/stripe"

PLATFORM_SECRET = "whsec_of_the_platform"
CONNECT_SECRET = "whsec_of_connected_accounts"
SECRETS = (PLATFORM_SECRET, CONNECT_SECRET)


def snapshot(account: str | None, kind: str = "account.updated", **changed: Any) -> JsonObject:
    """A v1 event of a connected account, or of the platform if ``account`` is None."""
    return {
        "id": _new_id(),
        "object": "event",
        "type": kind,
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": {"id": account, "charges_enabled": False}},
        **({"account": account} if account else {}),
        **changed,
    }


def thin(
    account: str, kind: str = "v2.core.account[requirements].updated", **changed: Any
) -> JsonObject:
    """A v2 event, which only names the account that changed."""
    return {
        "id": _new_id(),
        "object": "v2.core.event",
        "type": kind,
        "created": "2026-01-01T00:00:00.000Z",
        "livemode": False,
        "context": None,
        "related_object": {
            "id": account,
            "type": "v2.core.account",
            "url": f"/v2/core/accounts/{account}",
        },
        **changed,
    }


@dataclass(frozen=True)
class Delivery:
    body: bytes
    signature: str | None


def signed(
    content: JsonObject | bytes | str, secret: str = CONNECT_SECRET, *, age: int = 0
) -> Delivery:
    """``age`` is the age of the signature in seconds."""
    body = json.dumps(content).encode() if isinstance(content, dict) else content
    return Delivery(
        body=body.encode() if isinstance(body, str) else body, signature=_header(body, secret, age)
    )


async def deliver(http: httpx.AsyncClient, delivery: Delivery) -> httpx.Response:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if delivery.signature is not None:
        headers["Stripe-Signature"] = delivery.signature
    return await http.post(PATH, content=delivery.body, headers=headers)


async def take(http: httpx.AsyncClient, *events: JsonObject) -> None:
    """Delivers each event once, signed; each must be accepted."""
    for event in events:
        answer = await deliver(http, signed(event))
        assert answer.status_code == 200, answer.text


def _header(body: bytes | str, secret: str, age: int) -> str:
    text = body.decode("latin-1") if isinstance(body, bytes) else body
    header: str = stripe.WebhookSignature.generate_signature_header(
        text, secret, int(time.time()) - age
    )
    return header


def _new_id() -> str:
    return f"evt_{uuid4().hex}"
