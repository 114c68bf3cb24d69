"""How long a verified token is remembered."""

from api.auth.claims import Identity
from api.auth.verifier import MAX_AGE, VerifiedTokens
from domain.actors import Actor
from tests.support.waiting import ManualClock


def ada(expires_at: float) -> Identity:
    return Identity(Actor(user_id="ada"), "Ada Lovelace", expires_at)


def test_a_verified_token_is_kept_for_a_short_time(clock: ManualClock) -> None:
    tokens = VerifiedTokens(clock=clock)
    tokens.put("token", ada(clock.now + 3600))
    assert tokens.get("token") is not None
    assert tokens.get("other") is None
    clock.advance(MAX_AGE - 1)
    assert tokens.get("token") is not None
    clock.advance(1)
    assert tokens.get("token") is None


def test_a_verified_token_is_not_kept_beyond_its_expiry(clock: ManualClock) -> None:
    tokens = VerifiedTokens(clock=clock)
    tokens.put("token", ada(clock.now + 10))
    tokens.put("in the leeway", ada(clock.now - 10))
    assert tokens.get("in the leeway") is None
    clock.advance(9)
    assert tokens.get("token") is not None
    clock.advance(1)
    assert tokens.get("token") is None


def test_verified_tokens_are_limited_in_number(clock: ManualClock) -> None:
    tokens = VerifiedTokens(max_tokens=2, clock=clock)
    for token in ("first", "second", "third"):
        tokens.put(token, ada(clock.now + 10))
    kept = [tokens.get(token) is not None for token in ("first", "second", "third")]
    assert kept == [False, True, True]


def test_tokens_themselves_are_not_kept(clock: ManualClock) -> None:
    tokens = VerifiedTokens(clock=clock)
    tokens.put("a-secret-token", ada(clock.now + 10))
    assert "a-secret-token" not in repr(vars(tokens))
