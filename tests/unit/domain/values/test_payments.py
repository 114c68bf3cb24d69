"""The statuses of a Stripe account: which one is newer, and whether the account was looked up."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.values.payments import PaymentReason, Payments, PaymentStatus, newer_of

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)

READY = Payments(account_id="acct_1", status=PaymentStatus.READY, checked_at=NOW)
GONE = Payments(
    account_id="acct_1",
    status=PaymentStatus.DISCONNECTED,
    reason=PaymentReason.ACCOUNT_GONE,
    checked_at=LATER,
)
AGAIN = Payments(account_id="acct_2", status=PaymentStatus.ONBOARDING, checked_at=LATER)
NEVER = Payments()


@pytest.mark.parametrize(
    ("arrived", "known", "newer"),
    [
        (READY, None, READY),
        (READY, NEVER, READY),
        (NEVER, READY, READY),
        (GONE, READY, GONE),
        (READY, GONE, GONE),
        (AGAIN, READY, AGAIN),
        (READY, AGAIN, AGAIN),
        (AGAIN, GONE, AGAIN),
        (GONE, AGAIN, GONE),
    ],
)
def test_the_status_fetched_last_is_newer(
    arrived: Payments, known: Payments | None, newer: Payments
) -> None:
    assert newer_of(arrived, known) is newer


@pytest.mark.parametrize(
    ("payments", "is_unknown"),
    [
        (NEVER, True),
        (Payments(checked_at=NOW), False),
        (READY, False),
        (GONE, False),
        (Payments(account_id="acct_1", reason=PaymentReason.UNAUTHORIZED), False),
    ],
)
def test_an_account_is_unknown_until_it_is_looked_up(payments: Payments, is_unknown: bool) -> None:
    assert payments.is_unknown is is_unknown
