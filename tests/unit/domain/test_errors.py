"""The tree of errors is complete, drawn correctly, and has the statuses that clients rely on."""

import re
from collections.abc import Iterator

import pytest

from domain import errors
from domain.errors import ERRORS, FieldError, SessionClosed, Unavailable, WizardError

STATUSES = {
    "internal_error": 500,
    "unauthenticated": 401,
    "permission_missing": 403,
    "session_not_found": 404,
    "event_not_found": 404,
    "revision_not_found": 404,
    "session_closed": 409,
    "session_lost": 409,
    "stage_mismatch": 409,
    "publishing": 409,
    "publish_failed": 409,
    "slug_taken": 409,
    "idempotency_key_reused": 409,
    "revision_conflict": 412,
    "payload_too_large": 413,
    "invalid_request": 422,
    "stage_incomplete": 422,
    "publish_blocked": 422,
    "rate_limited": 429,
    "unavailable": 503,
}
DRAWN = re.compile(r"[├└]── (\w+) +(\d{3})  \S")


def tree(root: type[WizardError]) -> Iterator[type[WizardError]]:
    if root.__module__ == errors.__name__:
        yield root
        for child in root.__subclasses__():
            yield from tree(child)


def test_every_error_is_found_by_its_code() -> None:
    classes = list(tree(WizardError))
    assert len({error.code for error in classes}) == len(classes)
    assert {error.code: error for error in classes} == ERRORS


def test_codes_have_the_statuses_that_clients_rely_on() -> None:
    assert {code: ERRORS[code].status for code in STATUSES} == STATUSES
    assert all(400 <= error.status < 600 for error in ERRORS.values())


def test_the_drawing_shows_every_error_with_its_status() -> None:
    drawn = [(name, int(status)) for name, status in DRAWN.findall(errors.__doc__ or "")]
    assert sorted(drawn) == sorted(
        (error.__name__, error.status) for error in tree(WizardError) if error is not WizardError
    )


def test_only_temporary_errors_are_retryable() -> None:
    assert {code for code, error in ERRORS.items() if error.retryable} == {
        "rate_limited",
        "unavailable",
    }


@pytest.mark.parametrize("error", list(tree(WizardError)))
def test_every_error_says_more_than_its_title(error: type[WizardError]) -> None:
    detail = error().detail
    assert str(error()) == detail
    assert detail.endswith(".")
    assert detail.rstrip(".") != error.title
    assert "default_detail" in vars(error), "each error has a text of its own"


def test_an_error_carries_its_field_errors() -> None:
    field_errors = [FieldError(pointer="/title", code="missing", message="Title is missing.")]
    error = SessionClosed("It is over.", errors=field_errors, extra={"session_status": "expired"})
    field_errors.clear()
    assert str(error) == error.detail == "It is over."
    assert [error.pointer for error in error.errors] == ["/title"]
    assert error.extra == {"session_status": "expired"}
    assert (Unavailable().errors, Unavailable().extra) == ([], {})


def test_every_code_of_a_value_has_a_meaning() -> None:
    assert errors.ERROR_MEANINGS.keys() == set(errors.ErrorCode)
    assert all(meaning.endswith(".") for meaning in errors.ERROR_MEANINGS.values())
