"""The outcome of every Stripe response, with the errors that the real SDK raises."""

import traceback
from datetime import timedelta
from typing import Any

import httpx
import pytest

from payments.errors import (
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
from payments.outcomes import TABLE
from tests.unit.payments.fake_stripe import ACCOUNT, Handler, adapter_on, failure
from tests.unit.payments.sale_factories import sale

REPLAYED = {"Idempotent-Replayed": "true"}


async def error_for(handler: Handler) -> PaymentsError:
    """The error that ``offer`` raises when its first request is answered by ``handler``."""
    adapter = adapter_on(handler)
    with pytest.raises(PaymentsError) as caught:
        await adapter.offer(ACCOUNT, sale())
    await adapter.close()
    return caught.value


async def error_of(response: httpx.Response) -> PaymentsError:
    return await error_for(lambda _request: response)


CASES: list[tuple[httpx.Response, type[PaymentsError], str]] = [
    (failure(500, type="api_error"), PaymentsUnavailable, "payments_unavailable"),
    (failure(503, type="api_error"), PaymentsUnavailable, "payments_unavailable"),
    (httpx.Response(502, text="<html>bad gateway"), PaymentsUnavailable, "payments_unavailable"),
    (failure(500, REPLAYED, type="api_error"), FailureReplayed, "payments_failure_replayed"),
    (failure(400, REPLAYED, code="other"), FailureReplayed, "payments_failure_replayed"),
    (failure(429, type="invalid_request_error"), PaymentsBusy, "payments_rate_limited"),
    (failure(400, code="rate_limit"), PaymentsBusy, "payments_rate_limited"),
    (httpx.Response(429, text="slow down"), PaymentsBusy, "payments_rate_limited"),
    (failure(429, code="lock_timeout"), PaymentsBusy, "payments_locked"),
    (failure(400, code="lock_timeout"), PaymentsBusy, "payments_locked"),
    (
        failure(409, type="idempotency_error", code="idempotency_key_in_use"),
        PaymentsUnavailable,
        "payments_in_flight",
    ),
    (
        failure(400, type="idempotency_error", code="idempotency_key_in_use"),
        PaymentsUnavailable,
        "payments_in_flight",
    ),
    (failure(400, type="idempotency_error"), PaymentsDeclined, "payments_key_reused"),
    (failure(400, REPLAYED, type="idempotency_error"), PaymentsDeclined, "payments_key_reused"),
    (
        failure(400, REPLAYED, code="resource_already_exists"),
        ObjectAlreadyExists,
        "payments_already_exists",
    ),
    (failure(400, code="resource_already_exists"), ObjectAlreadyExists, "payments_already_exists"),
    (failure(404, code="resource_missing"), ObjectNotFound, "payments_not_found"),
    (failure(400, code="parameter_unknown"), PaymentsDeclined, "payments_refused"),
    (failure(401, message="Invalid API Key"), KeyRefused, "payments_unauthorized"),
    (failure(402, type="card_error", code="card_declined"), PaymentsDeclined, "payments_refused"),
    (failure(403, code="account_invalid"), AccountGone, "payments_account_gone"),
    (failure(403, type="invalid_request_error"), KeyRefused, "payments_forbidden"),
    (httpx.Response(200, text='{"object": "li'), PaymentsUnavailable, "payments_answer_unreadable"),
    (httpx.Response(200, content=b"\xff\xfe"), PaymentsUnavailable, "payments_answer_unreadable"),
    (httpx.Response(200, text=""), PaymentsUnavailable, "payments_answer_unreadable"),
    (httpx.Response(418, text="teapot"), PaymentsDeclined, "payments_refused"),
]


@pytest.mark.parametrize(
    ("response", "kind", "code"), CASES, ids=[f"{r.status_code}-{c}" for r, _, c in CASES]
)
async def test_an_answer_has_one_outcome(
    response: httpx.Response, kind: type[PaymentsError], code: str
) -> None:
    error = await error_of(response)
    assert (type(error), error.code) == (kind, code)
    assert error.retryable is issubclass(kind, PaymentsUnavailable)
    assert error.message


@pytest.mark.parametrize(
    "raised",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("the body ended before its end"),
        httpx.ReadError("reset"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_lost_request_is_retryable(raised: httpx.HTTPError) -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        raise raised

    error = await error_for(handler)
    assert (type(error), error.code) == (PaymentsUnavailable, "payments_unreachable")


def test_every_row_of_the_table_is_tested() -> None:
    assert {row.code for row in TABLE} == {code for *_, code in CASES} | {"payments_unreachable"}


@pytest.mark.parametrize(
    ("headers", "delay"), [({"Retry-After": "7"}, 7), ({}, 1), ({"Retry-After": "soon"}, 1)]
)
@pytest.mark.parametrize("code", ["rate_limit", "lock_timeout"])
async def test_a_pause_has_the_length_that_stripe_requests(
    headers: dict[str, str], delay: int, code: str
) -> None:
    error = await error_of(failure(429, headers, code=code))
    assert error.retry_after == timedelta(seconds=delay)


async def test_only_a_pause_has_a_length() -> None:
    assert (await error_of(failure(503, {"Retry-After": "7"}))).retry_after is None


async def test_a_message_names_the_request() -> None:
    error = await error_of(
        failure(400, code="amount_too_small", message="Amount must be at least 50 cents")
    )
    assert str(error) == (
        "Stripe declined the request: Amount must be at least 50 cents "
        "(code amount_too_small, request req_1)"
    )
    assert error.request_id == "req_1"


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "message": "The key sk_test_secret may not; nor whsec_abc nor rk_live_x1"},
        {"status": 401, "message": "Invalid API Key provided: sk_test_secret"},
        {"status": 403, "message": "sk_test_secret does not have access to acct_1"},
        {"status": 500, "message": "https://connect.stripe.test/setup/secret"},
    ],
    ids=lambda answer: str(answer["status"]),
)
async def test_a_message_holds_no_secret(answer: dict[str, Any]) -> None:
    error = await error_of(failure(answer.pop("status"), **answer))
    assert "secret" not in str(error).replace("[secret]", "")
    assert "whsec_" not in str(error)
    assert "rk_live" not in str(error)


async def test_a_truncated_answer_is_not_quoted() -> None:
    error = await error_of(httpx.Response(200, text='{"url": "https://connect/secret'))
    assert error.__cause__ is None
    assert "secret" not in "".join(traceback.format_exception(error))
