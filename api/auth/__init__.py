"""Authentication: from a bearer token to a verified actor.

``bearer`` takes the token from the request, ``verifier`` verifies it with the keys of ``keys``,
and ``claims`` makes an actor from its claims.
"""

from api.auth.bearer import CurrentActor, bearer_token, current_actor, token_verifier
from api.auth.verifier import TokenVerifier

__all__ = ["CurrentActor", "TokenVerifier", "bearer_token", "current_actor", "token_verifier"]
