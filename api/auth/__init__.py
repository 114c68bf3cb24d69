"""Authentication: converts a bearer token to a verified actor.

``bearer`` reads the token from the request, ``verifier`` verifies it with the keys from ``keys``,
and ``claims`` converts its claims to an actor.
"""

from api.auth.bearer import (
    CurrentActor,
    CurrentIdentity,
    bearer_token,
    current_actor,
    identify,
    token_verifier,
)
from api.auth.claims import Identity
from api.auth.keys import key_set_client
from api.auth.verifier import TokenVerifier

__all__ = [
    "CurrentActor",
    "CurrentIdentity",
    "Identity",
    "TokenVerifier",
    "bearer_token",
    "current_actor",
    "identify",
    "key_set_client",
    "token_verifier",
]
