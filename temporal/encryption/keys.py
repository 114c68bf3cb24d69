"""The keys that encrypt payloads, as operators write them (``id:base64,…``), and what goes wrong.

    PayloadUnreadable
    └── KeyMissing        encrypted under a key that this process does not have

These are not errors of the domain: settings have to change, not the request. In a worker, any
exception that is not a failure error makes Temporal repeat the workflow task, so a session waits
for its key and loses nothing. The messages hold ids of keys and nothing else of the payload.
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
"""Too short for a key: what an error quotes as an id cannot be one that got into its place."""


@dataclass(frozen=True)
class Key:
    id: str
    cipher: AESGCM = field(repr=False)


class KeyRing:
    """The first key encrypts, all decrypt. With no key at all nothing is encrypted."""

    def __init__(self, keys: Sequence[Key] = ()) -> None:
        self._keys = {key.id: key for key in keys}
        self.current: Final = keys[0] if keys else None

    @classmethod
    def parse(cls, written: SecretStr) -> "KeyRing":
        """
        Raises:
            ValueError: some key is malformed, or has the id of another; the message quotes no key.
        """
        keys = list(_parsed(written.get_secret_value()))
        ids = [key.id for key in keys]
        if repeated := {each for each in ids if ids.count(each) > 1}:
            raise ValueError(f"two keys have the id {min(repeated)}")
        return cls(keys)

    def find(self, key_id: str) -> Key:
        """
        Raises:
            KeyMissing: it never was in the ring, or was taken out too early.
        """
        try:
            return self._keys[key_id]
        except KeyError:
            raise KeyMissing(key_id) from None

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"


def _parsed(written: str) -> Iterator[Key]:
    entries = [entry.strip() for entry in written.split(",") if entry.strip()]
    for number, entry in enumerate(entries, start=1):
        key_id, _, encoded = entry.partition(":")
        if not encoded or not _ID.fullmatch(key_id):
            raise ValueError(
                f"key {number} is not written as id:base64, where an id has up to 32 letters, "
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


def _well_formed(written: SecretStr) -> SecretStr:
    KeyRing.parse(written)
    return written


PayloadKeys = Annotated[SecretStr, AfterValidator(_well_formed)]
"""The type of the setting: a bad value stops a process before it begins."""


class PayloadUnreadable(Exception):
    pass


class KeyMissing(PayloadUnreadable):
    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"a payload is encrypted under the key {key_id!r}, which PAYLOAD_KEYS does not have"
        )
        self.key_id = key_id
