"""Attempts: with the client's key, or with an id that no client can choose."""

import pytest

from api.sessions.idempotency import Attempt
from domain import ids
from domain.errors import IdempotencyKeyReused, InvalidRequest


def test_the_key_of_a_client_is_the_id_of_the_attempt() -> None:
    assert Attempt.of("create-1") == Attempt("create-1", given_by_client=True)


def test_attempts_without_a_key_have_ids_of_their_own() -> None:
    first, second = Attempt.of(None), Attempt.of(None)

    assert first.id != second.id
    assert " " in first.id
    assert not first.given_by_client


@pytest.mark.parametrize("made", ["attempt 0f", ids.terms_update_id(2), ids.idle_update_id(2)])
def test_an_id_of_the_system_is_refused_as_a_key(made: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        Attempt.of(made)
    assert [error.pointer for error in refused.value.errors] == ["/header/Idempotency-Key"]


def test_only_a_key_of_the_client_can_be_reused() -> None:
    with pytest.raises(IdempotencyKeyReused):
        Attempt.of("create-1").require_same("one", "other")
    Attempt.of("create-1").require_same("one", "one")
    Attempt.of_system(ids.terms_update_id(2)).require_same("one", "other")
