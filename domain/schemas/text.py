"""Text as it is stored: in Unicode's composed form, without space around it."""

from typing import Any
from unicodedata import is_normalized, normalize


def normalised(value: Any) -> Any:
    """A copy of a JSON value in which every text is NFC and trimmed. Keys stay as they are."""
    if isinstance(value, str):
        return (value if is_normalized("NFC", value) else normalize("NFC", value)).strip()
    if isinstance(value, dict):
        return {key: normalised(each) for key, each in value.items()}
    if isinstance(value, list):
        return [normalised(each) for each in value]
    return value


def present(value: Any) -> Any:
    """A copy of a JSON value without what is not there: null, empty text, empty objects.

    Forms send empty texts for inputs that were cleared, and a merge patch that removes the last
    field of an object leaves an empty object. The entries of a list all stay, so that pointers
    into it stay true.
    """
    if isinstance(value, dict):
        kept = {key: present(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in (None, "", {})}
    if isinstance(value, list):
        return [present(each) for each in value]
    return value
