"""What went wrong with Stripe, as a failure that Temporal knows whether to retry."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from payments.errors import PaymentsError


@contextmanager
def payment_failures() -> Iterator[None]:
    """
    Raises:
        ApplicationError: in place of a PaymentsError, with its code as type, and its delay.
    """
    try:
        yield
    except PaymentsError as error:
        raise ApplicationError(
            error.message,
            {"request_id": error.request_id},
            type=error.code,
            non_retryable=not error.retryable,
            next_retry_delay=error.retry_after,
        ) from error
