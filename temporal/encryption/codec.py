"""Encrypts payloads with AES-256-GCM.

A payload, including its metadata, becomes the data of an outer payload: nonce, ciphertext, tag. The
outer metadata has the key's id, unencrypted but authenticated. Nonces are random, so one key may
encrypt at most 2**32 payloads (NIST SP 800-38D, section 8.3).
"""

import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from temporal.encryption.keys import Key, KeyRing, PayloadUnreadable

ENCODING: Final = b"binary/encrypted"
KEY_ID: Final = "encryption-key-id"
"""As in Temporal's samples, so that other tools recognize both."""

_NONCE_BYTES: Final = 12


class EncryptionCodec(PayloadCodec):
    """Decodes unencrypted payloads unchanged, so that sessions from before the first key continue.

    Every process needs the codec, even without keys: it then encrypts nothing, but raises an error
    for an encrypted payload. Without the codec, the SDK would drop an encrypted signal and log only
    a warning.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        key = self._keys.current
        if key is None:
            return list(payloads)
        return [_encrypted(payload, key) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """
        Raises:
            KeyMissing: the key of a payload is not in the ring.
            PayloadUnreadable: a payload was modified, or its key id belongs to a different key.
        """
        return [self._decrypted(payload) for payload in payloads]

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata.get(KEY_ID, b"").decode(errors="replace")
        key = self._keys.find(key_id)
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(key.cipher.decrypt(nonce, sealed, _authenticated(key)))
        except (InvalidTag, ValueError, DecodeError):
            raise PayloadUnreadable(
                f"a payload cannot be decrypted with the key {key_id!r}: the payload was changed, "
                "or PAYLOAD_KEYS has a different key with this id"
            ) from None


def _encrypted(payload: Payload, key: Key) -> Payload:
    nonce = os.urandom(_NONCE_BYTES)
    sealed = key.cipher.encrypt(nonce, payload.SerializeToString(), _authenticated(key))
    metadata = {"encoding": ENCODING, KEY_ID: key.id.encode()}
    return Payload(metadata=metadata, data=nonce + sealed)


def _authenticated(key: Key) -> bytes:
    return ENCODING + b":" + key.id.encode()
