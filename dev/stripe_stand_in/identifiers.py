"""Ids and times, written as Stripe writes them."""

import secrets
import time
from datetime import UTC, datetime


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def new_account_id() -> str:
    return f"acct_{secrets.token_hex(8)}"


def unix_now() -> int:
    """v1's times, in seconds."""
    return int(time.time())


def rfc3339(moment: datetime) -> str:
    """v2's times, in milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rfc3339_now() -> str:
    return rfc3339(datetime.now(UTC))
