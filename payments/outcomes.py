"""Maps errors of Stripe's SDK to our own, by one table.

The caller retries with the same idempotency keys. Sources of the rules:
https://docs.stripe.com/error-low-level, https://docs.stripe.com/api/idempotent_requests and
https://docs.stripe.com/rate-limits.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from http import HTTPStatus
from typing import Final, NamedTuple

import stripe

from payments.errors import (
    ACCOUNT_GONE,
    FORBIDDEN,
    KEY_REUSED,
    NOT_FOUND,
    UNAUTHORIZED,
    AccountGone,
    FailureReplayed,
    KeyRefused,
    ObjectAlreadyExists,
    ObjectNotFound,
    PaymentsBusy,
    PaymentsDeclined,
    PaymentsError,
    PaymentsUnavailable,
)

DEFAULT_DELAY: Final = timedelta(seconds=1)
"""The pause after a response that requires one without a duration."""


class Outcome(Enum):
    """The value is the class of the raised error."""

    RETRY = PaymentsUnavailable
    RETRY_AFTER = PaymentsBusy
    RECONCILE = FailureReplayed
    ALREADY_EXISTS = ObjectAlreadyExists
    NOT_FOUND = ObjectNotFound
    ACCOUNT_GONE = AccountGone
    KEY_REFUSED = KeyRefused
    FINAL = PaymentsDeclined


Condition = Callable[[stripe.StripeError], bool]


class Row(NamedTuple):
    when: Condition
    outcome: Outcome
    code: str
    message: str


@contextmanager
def stripe_errors() -> Iterator[None]:
    """Converts errors of the SDK.

    The original is not chained: it contains the body of the response, which may have an onboarding
    link, and causes are logged and stored in workflow histories.

    Raises:
        PaymentsError: by the first matching row of ``TABLE``.
    """
    try:
        yield
    except stripe.StripeError as error:
        raise error_of(error) from None
    except UnicodeDecodeError:
        # The SDK decodes the body for its log before it parses it.
        raise error_of(stripe.APIError(http_status=HTTPStatus.OK)) from None


def error_of(error: stripe.StripeError) -> PaymentsError:
    row = row_of(error)
    delay = _delay(error) if row.outcome is Outcome.RETRY_AFTER else None
    kind: type[PaymentsError] = row.outcome.value
    return kind(_message(row, error), code=row.code, retry_after=delay, request_id=error.request_id)


def row_of(error: stripe.StripeError) -> Row:
    return next(row for row in TABLE if row.when(error))


def _is(kind: type[stripe.StripeError]) -> Condition:
    return lambda error: isinstance(error, kind)


def _has_code(code: str) -> Condition:
    return lambda error: _stripe_code(error) == code


def _names_parameter(name: str) -> Condition:
    return lambda error: error.error is not None and error.error.param == name


def _has_status(status: int) -> Condition:
    return lambda error: error.http_status == status


def _limits_rate(error: stripe.StripeError) -> bool:
    """Checks the status as well, because a proxy may limit the rate without Stripe's body."""
    is_limit = isinstance(error, stripe.RateLimitError)
    return is_limit or error.http_status == HTTPStatus.TOO_MANY_REQUESTS


def _failed(error: stripe.StripeError) -> bool:
    return (error.http_status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR


def _failed_before(error: stripe.StripeError) -> bool:
    """Whether Stripe replays a stored failure. Stripe stores declined requests as well, so a
    corrected request needs a new key."""
    failed = (error.http_status or 0) >= HTTPStatus.BAD_REQUEST
    return failed and (error.headers or {}).get("idempotent-replayed") == "true"


def _succeeded(error: stripe.StripeError) -> bool:
    return HTTPStatus.OK <= (error.http_status or 0) < HTTPStatus.MULTIPLE_CHOICES


def _any(_error: stripe.StripeError) -> bool:
    return True


def _stripe_code(error: stripe.StripeError) -> str | None:
    """The code of the error, which rate limits and lock timeouts have only in the body."""
    return error.code or (error.error.code if error.error else None)


TABLE: Final[tuple[Row, ...]] = (
    Row(
        _is(stripe.APIConnectionError),
        Outcome.RETRY,
        "payments_unreachable",
        "Stripe cannot be reached",
    ),
    Row(
        # In v2, the SDK raises it as an IdempotencyError.
        _has_code("idempotency_key_in_use"),
        Outcome.RETRY,
        "payments_in_flight",
        "Stripe is still processing an earlier attempt",
    ),
    Row(
        _is(stripe.IdempotencyError),
        Outcome.FINAL,
        KEY_REUSED,
        "An idempotency key was used before, for another request",
    ),
    Row(
        _has_code("resource_already_exists"),
        Outcome.ALREADY_EXISTS,
        "payments_already_exists",
        "Stripe has an object with this id",
    ),
    # Stripe documents no code for it. Our lookup keys are valid, so it can only be in use.
    Row(
        _names_parameter("lookup_key"),
        Outcome.ALREADY_EXISTS,
        "payments_already_exists",
        "Stripe has a price with this lookup key",
    ),
    Row(
        _has_code("lock_timeout"),
        Outcome.RETRY_AFTER,
        "payments_locked",
        "Another request is changing this object at Stripe",
    ),
    Row(
        _limits_rate,
        Outcome.RETRY_AFTER,
        "payments_rate_limited",
        "Stripe's rate limit is reached",
    ),
    Row(
        _has_status(HTTPStatus.CONFLICT),
        Outcome.RETRY,
        "payments_in_flight",
        "Stripe is still processing an earlier attempt",
    ),
    Row(
        _failed_before,
        Outcome.RECONCILE,
        "payments_failure_replayed",
        "Stripe replays the failure of an earlier attempt",
    ),
    Row(_failed, Outcome.RETRY, "payments_unavailable", "Stripe failed"),
    Row(
        _succeeded,
        Outcome.RETRY,
        "payments_answer_unreadable",
        "Stripe's response is incomplete",
    ),
    Row(
        _has_code("account_invalid"),
        Outcome.ACCOUNT_GONE,
        ACCOUNT_GONE,
        "The account does not exist, or has revoked the platform's access",
    ),
    Row(
        _has_status(HTTPStatus.NOT_FOUND),
        Outcome.NOT_FOUND,
        NOT_FOUND,
        "Stripe has no such object",
    ),
    Row(
        _has_status(HTTPStatus.UNAUTHORIZED),
        Outcome.KEY_REFUSED,
        UNAUTHORIZED,
        "Stripe does not accept the API key",
    ),
    Row(
        _has_status(HTTPStatus.FORBIDDEN),
        Outcome.KEY_REFUSED,
        FORBIDDEN,
        "The API key has no permission for this account",
    ),
    Row(_any, Outcome.FINAL, "payments_refused", "Stripe declined the request"),
)
"""The first matching row applies."""


def _delay(error: stripe.StripeError) -> timedelta:
    seconds = (error.headers or {}).get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else DEFAULT_DELAY


_WITH_STRIPE_MESSAGE: Final = frozenset({"payments_refused", NOT_FOUND})

_SECRET: Final = re.compile(r"\b(?:[sr]k|whsec)_[\w*]+")


def _message(row: Row, error: stripe.StripeError) -> str:
    """Includes Stripe's own message only for some codes: others may quote keys and bodies."""
    parts = [row.message]
    if row.code in _WITH_STRIPE_MESSAGE and error.user_message and error.error:
        parts.append(_SECRET.sub("[secret]", error.user_message))
    details = [
        f"{name} {value}"
        for name, value in (("code", _stripe_code(error)), ("request", error.request_id))
        if value
    ]
    return ": ".join(parts) + (f" ({', '.join(details)})" if details else "")
