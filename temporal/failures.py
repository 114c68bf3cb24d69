"""Converts errors of the domain to Temporal failures, and back.

Only a failure completes an update. Any other exception in a handler fails the workflow task, which
Temporal retries without a limit, so the session is blocked. Handlers therefore convert all errors
that they may raise.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from domain.errors import (
    ERRORS,
    FieldError,
    InvalidRequest,
    NotOnSale,
    RateLimited,
    SalesPaused,
    SoldOut,
    WizardError,
)

LOST_STATUSES: Final = frozenset(
    {
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.TIMED_OUT,
        WorkflowExecutionStatus.CANCELED,
    }
)
"""Of the newest run of a session that Temporal ended. A session that ends by itself completes."""


_ORDINARY: Final = (InvalidRequest, NotOnSale, RateLimited, SalesPaused, SoldOut)
"""Answers to buyers, of which a hot sale has hundreds."""


def to_failure(error: WizardError) -> ApplicationError:
    """The failure has the error's code as ``type``, and ``errors`` and ``extra`` in its details.

    An ordinary refusal, such as of tickets that are sold out, is benign: no stack is logged.
    """
    details: dict[str, Any] = {
        "errors": [field_error.model_dump(mode="json") for field_error in error.errors],
        "extra": error.extra,
    }
    if isinstance(error, RateLimited):
        details["retry_after"] = error.retry_after
    return ApplicationError(
        error.detail,
        details,
        type=error.code,
        non_retryable=not error.retryable,
        category=(
            ApplicationErrorCategory.BENIGN
            if isinstance(error, _ORDINARY)
            else ApplicationErrorCategory.UNSPECIFIED
        ),
    )


def to_error(failure: ApplicationError) -> WizardError:
    """The inverse of :func:`to_failure`; an unknown type becomes a plain WizardError."""
    kind = ERRORS.get(failure.type or "", WizardError)
    if kind is WizardError:
        return WizardError()
    details: dict[str, Any] = failure.details[0] if failure.details else {}
    known = {"retry_after": details["retry_after"]} if "retry_after" in details else {}
    return kind(
        failure.message,
        errors=[
            FieldError.model_validate(field_error) for field_error in details.get("errors", ())
        ],
        extra=details.get("extra"),
        **known,
    )


@contextmanager
def as_failures() -> Iterator[None]:
    """
    Raises:
        ApplicationError: instead of any error of the domain.
    """
    try:
        yield
    except WizardError as error:
        raise to_failure(error) from error
