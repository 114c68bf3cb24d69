"""Who calls: from a bearer token to a verified actor.

``bearer`` takes the token from the request, ``verifier`` decides whether it holds, ``claims``
reads what it says, with the keys of ``keys``.
"""

from api.auth.bearer import CurrentActor, bearer_token, current_actor, token_verifier
from api.auth.verifier import TokenVerifier

__all__ = ["CurrentActor", "TokenVerifier", "bearer_token", "current_actor", "token_verifier"]
