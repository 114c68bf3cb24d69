"""What went wrong with Stripe, as a failure that Temporal knows whether to retry."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from payments.errors import PaymentsError


@contextmanager
def payment_failures() -> Iterator[None]:
    """
    The error itself is not chained but its traceback is kept: of a failure that is repeated the
    Temporal UI shows message, code and causes in one box, and the traces of causes fill it.

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
        ).with_traceback(error.__traceback__) from None
