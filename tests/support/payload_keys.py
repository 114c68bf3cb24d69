"""Payload keys for tests."""

import base64

from pydantic import SecretStr

from temporal.encryption.keys import KeyRing


def encoded(material: bytes) -> str:
    return base64.b64encode(material).decode()


def key(key_id: str) -> str:
    """A key as in ``PAYLOAD_KEYS``; its material is derived from the id."""
    return f"{key_id}:{encoded(key_id.encode().ljust(32, b'.'))}"


def ring(*key_ids: str) -> KeyRing:
    return KeyRing.parse(SecretStr(",".join(key(key_id) for key_id in key_ids)))
