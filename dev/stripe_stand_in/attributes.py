"""Attributes that several kinds of objects share: metadata, changes, expansion."""

from collections.abc import Collection
from typing import Any, Final

from dev.stripe_stand_in import errors
from dev.stripe_stand_in.forms import path
from domain.json_values import JsonObject

# https://docs.stripe.com/api/metadata
_MAX_KEYS: Final = 50
_MAX_KEY_LENGTH: Final = 40
_MAX_VALUE_LENGTH: Final = 500


def merged_metadata(current: JsonObject, given: Any) -> JsonObject:
    """The empty text unsets: one key, or as a whole all of them. In v2, null does.

    Raises:
        Refusal: too many keys, a key or a value too long.
    """
    if given == "":
        return {}
    merged = {key: value for key, value in {**current, **given}.items() if value}
    for key, value in merged.items():
        if len(key) > _MAX_KEY_LENGTH:
            raise errors.invalid(
                f"Metadata keys can have up to {_MAX_KEY_LENGTH} characters", path("metadata", key)
            )
        if len(value) > _MAX_VALUE_LENGTH:
            raise errors.invalid(
                f"Metadata values can have up to {_MAX_VALUE_LENGTH} characters, but you passed in "
                f"a value that is {len(value)} characters.",
                path("metadata", key),
            )
    if len(merged) > _MAX_KEYS:
        raise errors.invalid(f"Metadata can have up to {_MAX_KEYS} keys", "metadata")
    return merged


def updated(obj: JsonObject, arguments: JsonObject) -> JsonObject:
    """The object with its attributes replaced, where the empty text unsets."""
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
    """What the changed attributes were."""
    return {name: before[name] for name in before if before[name] != after.get(name)}


def require_at_most(length: int, value: str, param: str) -> None:
    """A text has a limited length.

    Raises:
        Refusal: it is longer.
    """
    if len(value) > length:
        raise errors.invalid(
            f"Invalid string: {value[:20]}…; must be at most {length} characters", param
        )


def expanded(arguments: JsonObject, possible: Collection[str]) -> set[str]:
    """What the caller wants to see in full, in an object or in each of a list.

    Raises:
        Refusal: it cannot be shown in full.
    """
    asked = {each.removeprefix("data.") for each in arguments.get("expand", [])}
    for each in asked - set(possible):
        raise errors.invalid(f"This property cannot be expanded ({each}).", "expand")
    return asked
