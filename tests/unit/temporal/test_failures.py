"""Failures: refusals are benign, because they are ordinary answers."""

import pytest
from temporalio.exceptions import ApplicationErrorCategory

from domain.errors import NotOnSale, PaymentsRefused, RateLimited, SoldOut, Unavailable, WizardError
from temporal.failures import to_error, to_failure


@pytest.mark.parametrize("refusal", [SoldOut(), NotOnSale()])
def test_a_refusal_is_benign(refusal: WizardError) -> None:
    assert to_failure(refusal).category is ApplicationErrorCategory.BENIGN


@pytest.mark.parametrize("error", [Unavailable(), PaymentsRefused()])
def test_a_fault_is_not_benign(error: WizardError) -> None:
    assert to_failure(error).category is ApplicationErrorCategory.UNSPECIFIED


def test_a_failure_becomes_the_same_error() -> None:
    found = to_error(to_failure(SoldOut("None left", extra={"tiers": []})))

    assert isinstance(found, SoldOut)
    assert (found.detail, found.extra) == ("None left", {"tiers": []})


def test_a_failure_keeps_the_time_to_wait() -> None:
    found = to_error(to_failure(RateLimited("Too many orders", retry_after=60)))

    assert isinstance(found, RateLimited)
    assert found.retry_after == 60
