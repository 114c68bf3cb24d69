"""The keys that encrypt payloads, from the setting ``PAYLOAD_KEYS`` (``id:base64,…``), and errors.

    PayloadUnreadable     the payload was modified, or its key id belongs to a different key
    └── KeyMissing        the payload is encrypted with a key that this process does not have

They are not errors of the domain: an operator has to change the settings. If a worker raises one,
Temporal retries the workflow task, so the session waits for its key and loses nothing. The messages
contain ids of keys, and nothing of the payload.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import AfterValidator, SecretStr

KEY_BYTES: Final = 32
"""AES-256."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
"""Ids are shorter than keys, so an error that quotes an id never quotes a misplaced key."""


class PayloadUnreadable(Exception):
    pass


class KeyMissing(PayloadUnreadable):
    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"a payload is encrypted with the key {key_id!r}, which is not in PAYLOAD_KEYS"
        )
        self.key_id = key_id


@dataclass(frozen=True)
class Key:
    id: str
    cipher: AESGCM = field(repr=False)


class KeyRing:
    """The first key encrypts, all keys decrypt. Without keys nothing is encrypted."""

    def __init__(self, keys: Sequence[Key] = ()) -> None:
        self._keys = {key.id: key for key in keys}
        self.current: Final = keys[0] if keys else None

    @classmethod
    def parse(cls, setting: SecretStr) -> "KeyRing":
        """
        Raises:
            ValueError: a key is malformed, or two have the same id; the message quotes no key.
        """
        keys = list(_parsed(setting.get_secret_value()))
        ids = [key.id for key in keys]
        if repeated := {key_id for key_id in ids if ids.count(key_id) > 1}:
            raise ValueError(f"two keys have the id {min(repeated)}")
        return cls(keys)

    def find(self, key_id: str) -> Key:
        """
        Raises:
            KeyMissing: the ring does not have the key; it may have been removed too early.
        """
        try:
            return self._keys[key_id]
        except KeyError:
            raise KeyMissing(key_id) from None

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"


def _parsed(text: str) -> Iterator[Key]:
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    for number, entry in enumerate(entries, start=1):
        key_id, _, encoded = entry.partition(":")
        if not encoded or not _ID.fullmatch(key_id):
            raise ValueError(
                f"key {number} must be written as id:base64, where an id has up to 32 letters, "
                "digits, dots, hyphens and underscores"
            )
        yield Key(key_id, AESGCM(_material(key_id, encoded)))


def _material(key_id: str, encoded: str) -> bytes:
    try:
        material = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ValueError(f"the key {key_id} is not base64") from None
    if len(material) != KEY_BYTES:
        raise ValueError(f"the key {key_id} has {len(material)} bytes instead of {KEY_BYTES}")
    return material


def _well_formed(setting: SecretStr) -> SecretStr:
    """Refuses a setting without a key: it would turn encryption off by mistake."""
    if KeyRing.parse(setting).current is None:
        raise ValueError("must have a key")
    return setting


PayloadKeys = Annotated[SecretStr, AfterValidator(_well_formed)]
"""The type of the setting. An invalid value prevents the process from starting."""
