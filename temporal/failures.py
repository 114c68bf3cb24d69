"""Converts errors of the domain to Temporal failures, and back.

Only a failure error completes an update; any other exception in a handler fails the workflow task
again and again, and blocks the session. So handlers convert all errors that they may raise.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from temporalio.exceptions import ApplicationError

from domain.errors import ERRORS, FieldError, WizardError


def to_failure(error: WizardError) -> ApplicationError:
    """``type`` is the error's code; the detail holds the other fields of the problem document."""
    return ApplicationError(
        error.detail,
        {
            "errors": [field_error.model_dump(mode="json") for field_error in error.errors],
            "extra": error.extra,
        },
        type=error.code,
        non_retryable=not error.retryable,
    )


def to_error(failure: ApplicationError) -> WizardError:
    """The inverse of :func:`to_failure`; an unknown type gives the root of the error tree."""
    kind = ERRORS.get(failure.type or "", WizardError)
    if kind is WizardError:
        return WizardError()
    details: dict[str, Any] = failure.details[0] if failure.details else {}
    return kind(
        failure.message,
        errors=[
            FieldError.model_validate(field_error) for field_error in details.get("errors", ())
        ],
        extra=details.get("extra"),
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
