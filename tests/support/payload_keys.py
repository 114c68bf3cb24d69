"""Keys that only the tests know."""

import base64

from pydantic import SecretStr

from temporal.encryption.keys import KeyRing


def encoded(material: bytes) -> str:
    return base64.b64encode(material).decode()


def key(key_id: str) -> str:
    """As an operator writes it; the same for the same id."""
    return f"{key_id}:{encoded(key_id.encode().ljust(32, b'.'))}"


def ring(*key_ids: str) -> KeyRing:
    return KeyRing.parse(SecretStr(",".join(key(key_id) for key_id in key_ids)))
