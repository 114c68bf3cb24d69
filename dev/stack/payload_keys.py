"""Refuses to start a stack without the keys that its data is encrypted with.

Temporal's database outlives ``make down``. Without a key, the next stack would become ready, and
then fail at each session. So the state directory has a payload that each key has encrypted
(``encrypted.json``), which the next start decrypts first.
"""

import asyncio
import base64
import secrets
from pathlib import Path
from typing import Final

from google.protobuf import json_format
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload, Payloads

from dev.stack.ports import PAYLOAD_KEYS
from dev.stack.state import StackError
from temporal.encryption.codec import KEY_ID, EncryptionCodec
from temporal.encryption.keys import KEY_BYTES, KeyRing, PayloadUnreadable

_SAMPLE: Final = Payload(data=b"encrypted at the first start with this key")


class KeysRefused(StackError):
    """``PAYLOAD_KEYS`` is malformed, or lacks a key. The message quotes no key, only ids."""


def generated_keys() -> str:
    """A value of ``PAYLOAD_KEYS`` with one new key."""
    return f"generated:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def require_keys(encrypted: Path, setting: str) -> None:
    """Checks the setting, and remembers the key that encrypts from now on.

    Raises:
        KeysRefused: the stack could not start with these keys, or not read its data.
    """
    try:
        keys = KeyRing.parse(SecretStr(setting))
    except ValueError as error:
        raise KeysRefused(f"{PAYLOAD_KEYS}: {error}") from None
    codec = EncryptionCodec(keys)
    samples = _read(encrypted)
    try:
        asyncio.run(codec.decode(samples))
    except PayloadUnreadable as error:
        raise KeysRefused(
            f"the stack's data cannot be read: {error}. Add that key to {PAYLOAD_KEYS} again, at "
            "the end if another one is to encrypt, or delete the data with make reset"
        ) from None
    if keys.current and keys.current.id not in {_key_id(sample) for sample in samples}:
        _write(encrypted, [*samples, *asyncio.run(codec.encode([_SAMPLE]))])


def _key_id(payload: Payload) -> str:
    return payload.metadata[KEY_ID].decode()


def _read(file: Path) -> list[Payload]:
    if not file.exists():
        return []
    return list(json_format.Parse(file.read_text(), Payloads()).payloads)


def _write(file: Path, payloads: list[Payload]) -> None:
    file.write_text(json_format.MessageToJson(Payloads(payloads=payloads)))
