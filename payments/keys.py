"""Ids and keys towards Stripe, all derived: the same publication always gives the same ones.

Two kinds work together. *Natural keys* (a product's own id, a price's lookup key, a link's
metadata) name an object for ever. *Idempotency keys* cover the moments in which a request may or
may not have arrived; Stripe forgets them after a day.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from domain.actors import Tenant

MAX_KEY_LENGTH: Final = 255
"""https://docs.stripe.com/api/idempotent_requests"""


def product_id_of(event_id: str, tier_id: str) -> str:
    return f"event-{event_id}-{tier_id}"


def price_lookup_key(
    event_id: str, tier_id: str, *, currency: str, amount: int, is_donation: bool
) -> str:
    """Stripe takes up to 200 characters."""
    kind = "donation" if is_donation else "price"
    return f"{event_id}-{tier_id}-{kind}-{currency}-{amount}"


def account_key(tenant: Tenant) -> str:
    """A hash, because ids from tokens are as long as they like and no business of Stripe's logs."""
    return f"account:{sha256(str(tenant).encode()).hexdigest()}"


def idempotency_key(
    session_id: str, step: str, generation: int, params: Mapping[str, object]
) -> str:
    """The hash lets a session that was edited after a failure send other parameters."""
    key = f"{session_id}:{step}:{generation}:{fingerprint(params)}"
    if len(key) > MAX_KEY_LENGTH:
        raise ValueError(f"an idempotency key has at most {MAX_KEY_LENGTH} characters")
    return key


def fingerprint(params: Mapping[str, object]) -> str:
    canonical = json.dumps(params, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:32]
