"""Errors of the domain on their way through Temporal, and back.

Only a failure error ends an update; any other exception in a handler would fail the workflow task
over and over and jam the session. So whatever a handler may raise leaves it through here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from temporalio.exceptions import ApplicationError

from domain.errors import ERRORS, FieldError, WizardError


def to_failure(error: WizardError) -> ApplicationError:
    """``type`` is the error's code; the one detail is what the problem document needs."""
    return ApplicationError(
        error.detail,
        {"errors": [each.model_dump(mode="json") for each in error.errors], "extra": error.extra},
        type=error.code,
        non_retryable=not error.retryable,
    )


def to_error(failure: ApplicationError) -> WizardError:
    """The inverse of :func:`to_failure`; a type that is not of the tree gives the root."""
    kind = ERRORS.get(failure.type or "", WizardError)
    if kind is WizardError:
        return WizardError()
    carried: dict[str, Any] = failure.details[0] if failure.details else {}
    return kind(
        failure.message,
        errors=[FieldError.model_validate(each) for each in carried.get("errors", ())],
        extra=carried.get("extra"),
    )


@contextmanager
def as_failures() -> Iterator[None]:
    """
    Raises:
        ApplicationError: in place of any error of the domain.
    """
    try:
        yield
    except WizardError as error:
        raise to_failure(error) from error
