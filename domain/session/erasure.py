"""A request to erase a session, which is also the record that remains of it."""

from hashlib import sha256
from typing import Final

from pydantic import BaseModel, ConfigDict

from domain.actors import Tenant

RETENTION: Final = "retention"
"""The actor of an erasure by the system, at the end of a session's retention period."""


class Erasure(BaseModel):
    """Outlives the session, so tenant and actor are SHA-256 hashes, in hexadecimal."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    tenant_hash: str
    actor_hash: str


def erasure(session_id: str, tenant: Tenant | str, actor_id: str) -> Erasure:
    """``tenant`` is written as in the read model, ``user:…`` or ``organization:…``."""
    return Erasure(
        session_id=session_id, tenant_hash=_hash(str(tenant)), actor_hash=_hash(actor_id)
    )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
