"""Who calls: from a bearer token to a verified actor.

``bearer`` takes the token from the request, ``verifier`` decides whether it holds, ``claims``
reads what it says. Keys come from ``keys``; ``key_sets`` fetches the ones that an issuer publishes
and keeps them.
"""

from api.auth.bearer import CurrentActor, bearer_token, current_actor, token_verifier
from api.auth.verifier import TokenVerifier

__all__ = ["CurrentActor", "TokenVerifier", "bearer_token", "current_actor", "token_verifier"]
