"""Attributes of objects of all kinds: ids, times, metadata, changes, expansion."""

import secrets
import time
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.errors import parameter_path
from domain.json_values import JsonObject

# https://docs.stripe.com/api/metadata
_MAX_KEYS: Final = 50
_MAX_KEY_LENGTH: Final = 40
_MAX_VALUE_LENGTH: Final = 500


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def unix_now() -> int:
    """The current time in v1, in seconds."""
    return int(time.time())


def rfc3339(moment: datetime) -> str:
    """A time in v2, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rfc3339_now() -> str:
    return rfc3339(datetime.now(UTC))


def merged_metadata(current: JsonObject, given: Any) -> JsonObject:
    """Merges metadata. Empty text removes a key, or all keys if it replaces the whole object; in
    v2, null does.

    Raises:
        ApiError: there are too many keys, or a key or a value is too long.
    """
    if given == "":
        return {}
    merged = {key: value for key, value in {**current, **given}.items() if value}
    for key, value in merged.items():
        if len(key) > _MAX_KEY_LENGTH:
            raise errors.invalid(
                f"Metadata keys can have up to {_MAX_KEY_LENGTH} characters",
                parameter_path("metadata", key),
            )
        if len(value) > _MAX_VALUE_LENGTH:
            raise errors.invalid(
                f"Metadata values can have up to {_MAX_VALUE_LENGTH} characters, but you passed in "
                f"a value that is {len(value)} characters.",
                parameter_path("metadata", key),
            )
    if len(merged) > _MAX_KEYS:
        raise errors.invalid(f"Metadata can have up to {_MAX_KEYS} keys", "metadata")
    return merged


def with_changes(obj: JsonObject, arguments: JsonObject) -> JsonObject:
    """The object with replaced attributes; empty text removes an attribute."""
    changes = {name: value for name, value in arguments.items() if name in obj}
    if "metadata" in changes:
        changes["metadata"] = merged_metadata(obj["metadata"], changes["metadata"])
    unset: JsonObject = {
        name: [] if isinstance(obj[name], list) else None
        for name, value in changes.items()
        if value == ""
    }
    return {**obj, **changes, **unset}


def previous_attributes(before: JsonObject, after: JsonObject) -> JsonObject:
    """The earlier values of the changed attributes."""
    return {name: before[name] for name in before if before[name] != after.get(name)}


def require_at_most(length: int, value: str, param: str) -> None:
    """
    Raises:
        ApiError: the value is longer.
    """
    if len(value) > length:
        raise errors.invalid(
            f"Invalid string: {value[:20]}…; must be at most {length} characters", param
        )


def require_url(url: str | None, param: str) -> None:
    """
    Raises:
        ApiError: the text is not a URL of a web page.
    """
    if url is not None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise errors.ApiError("Not a valid URL", code="url_invalid", param=param)
