"""Erasing a session: what the erasure is told, and what it leaves."""

from hashlib import sha256
from typing import Final

from pydantic import BaseModel, ConfigDict

from domain.actors import Tenant

RETENTION: Final = "retention"
"""Who asked, where nobody did: the session was kept for as long as it was to be."""


class Erasure(BaseModel):
    """Names nobody: tenant and actor are hashes, because this outlives the session."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    tenant_hash: str
    actor_hash: str


def erasure(session_id: str, tenant: Tenant | str, actor_id: str) -> Erasure:
    """``tenant`` as in the read model, ``user:…`` or ``organization:…``."""
    return Erasure(
        session_id=session_id, tenant_hash=_hash(str(tenant)), actor_hash=_hash(actor_id)
    )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
