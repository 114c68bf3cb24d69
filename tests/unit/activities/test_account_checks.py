"""What a fetch of an account returns and stores, by Stripe's answer and by what was known."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.payments import (
    CheckAccount,
    FetchAccount,
    PaymentActivities,
    StoredStatusQuery,
)
from db.accounts import StoredAccount
from domain.actors import Tenant
from domain.values.payments import PaymentReason, Payments, PaymentStatus, newer_of
from tests.unit.payments.fake_stripe import adapter_on, failure
from tests.unit.payments.test_accounts import account

ADA = Tenant("user", "ada")
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)

READY, ONBOARDING = PaymentStatus.READY, PaymentStatus.ONBOARDING
DISCONNECTED, NOT_CONNECTED = PaymentStatus.DISCONNECTED, PaymentStatus.NOT_CONNECTED

ANSWER_READY = httpx.Response(200, json=account("active"))
REVOKED = failure(403, code="account_invalid")
DELETED = failure(404, code="resource_missing")
WRONG_KEY = failure(401, message="Invalid API Key")
NO_PERMISSION = failure(403, type="invalid_request_error")


def known(status: PaymentStatus, at: datetime = BEFORE) -> Payments:
    return Payments(account_id="acct_ada", status=status, checked_at=at)


@dataclass
class FakeAccounts:
    """Stores one account; None if the tenant has none. ``ended`` is the status of its last one."""

    stored: StoredAccount | None
    ended: Payments | None = None
    noted: list[Payments] = field(default_factory=list)

    async def of(self, _tenant: Tenant) -> StoredAccount | None:
        return self.stored

    async def last_status(self, _tenant: Tenant) -> Payments | None:
        return self.ended

    async def get(self, _account_id: str) -> StoredAccount | None:
        return self.stored

    async def note(self, _account_id: str, payments: Payments) -> Payments:
        self.noted.append(payments)
        return newer_of(payments, self.stored.payments if self.stored else None)


@dataclass
class Situation:
    """Activities on Stripe's answer and a stored status."""

    answer: httpx.Response
    stored: Payments | None = None
    has_account: bool = True

    def __post_init__(self) -> None:
        self.requests: list[httpx.Request] = []
        account = StoredAccount(account_id="acct_ada", generation=1, payments=self.stored)
        self.accounts = FakeAccounts(account if self.has_account else None)
        adapter = adapter_on(self._respond)
        self.activities = PaymentActivities(adapter, self.accounts)  # type: ignore[arg-type] # fake

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer

    async def check(self, **fields: Any) -> Payments:
        check = CheckAccount(tenant=ADA, at=BEFORE, **fields)
        return await ActivityEnvironment().run(self.activities.check_account, check)

    async def read(self) -> Payments | None:
        query = StoredStatusQuery(tenant=ADA)
        return await ActivityEnvironment().run(self.activities.stored_status, query)

    async def fetch(self, **fields: Any) -> Payments | None:
        fetch = FetchAccount(account_id="acct_ada", **fields)
        return await ActivityEnvironment().run(self.activities.fetch_account, fetch)


@pytest.mark.parametrize(
    ("answer", "before", "after", "reason"),
    [
        (ANSWER_READY, None, READY, None),
        (ANSWER_READY, ONBOARDING, READY, None),
        (ANSWER_READY, DISCONNECTED, READY, None),
        (REVOKED, READY, DISCONNECTED, "account_gone"),
        (REVOKED, None, DISCONNECTED, "account_gone"),
        (DELETED, ONBOARDING, DISCONNECTED, "account_gone"),
        (WRONG_KEY, READY, READY, "unauthorized"),
        (WRONG_KEY, DISCONNECTED, DISCONNECTED, "unauthorized"),
        (WRONG_KEY, None, NOT_CONNECTED, "unauthorized"),
        (NO_PERMISSION, READY, READY, "unauthorized"),
    ],
)
async def test_an_answer_of_stripe_leads_to_a_status(
    answer: httpx.Response,
    before: PaymentStatus | None,
    after: PaymentStatus,
    reason: str | None,
) -> None:
    situation = Situation(answer, known(before) if before else None)

    payments = await situation.check()

    assert (payments.account_id, payments.status, payments.reason) == ("acct_ada", after, reason)
    assert situation.accounts.noted == ([] if reason == PaymentReason.UNAUTHORIZED else [payments])


async def test_a_refused_key_keeps_the_status_that_the_session_knows() -> None:
    payments = await Situation(WRONG_KEY).check(known=known(READY))

    assert payments == known(READY).model_copy(update={"reason": "unauthorized"})


async def test_a_refused_key_does_not_keep_the_status_of_another_account() -> None:
    other = known(READY).model_copy(update={"account_id": "acct_earlier"})

    assert (await Situation(WRONG_KEY).check(known=other)).status is NOT_CONNECTED


async def test_a_stored_status_needs_no_request_if_it_is_accepted() -> None:
    situation = Situation(ANSWER_READY, known(DISCONNECTED))

    assert await situation.read() == known(DISCONNECTED)
    assert await situation.check(accepts_stored=True) == known(DISCONNECTED)
    assert situation.requests == []


async def test_an_account_that_was_never_fetched_is_fetched() -> None:
    situation = Situation(ANSWER_READY)

    assert await situation.read() is None
    assert situation.requests == []
    assert (await situation.check(accepts_stored=True)).status is READY
    assert len(situation.requests) == 1


async def test_a_status_that_was_stored_later_wins() -> None:
    situation = Situation(ANSWER_READY, known(DISCONNECTED, LATER))

    assert await situation.check() == known(DISCONNECTED, LATER)


async def test_a_tenant_without_an_account_is_not_connected() -> None:
    situation = Situation(ANSWER_READY, has_account=False)

    for payments in (await situation.check(), await situation.read()):
        assert payments is not None
        assert (payments.status, payments.account_id, payments.is_unknown) == (
            NOT_CONNECTED,
            None,
            False,
        )


async def test_a_tenant_whose_account_was_ended_is_disconnected() -> None:
    situation = Situation(ANSWER_READY, has_account=False)
    situation.accounts.ended = known(DISCONNECTED)

    for payments in (await situation.check(), await situation.read()):
        assert payments is not None
        assert payments.model_copy(update={"checked_at": BEFORE}) == known(DISCONNECTED)
        assert payments.checked_at is not None
        assert payments.checked_at > BEFORE
    assert situation.requests == []


async def test_an_account_of_no_tenant_is_not_fetched() -> None:
    situation = Situation(ANSWER_READY, has_account=False)

    assert await situation.fetch() is None
    assert situation.requests == []


@pytest.mark.parametrize("answer", [REVOKED, DELETED, NO_PERMISSION])
async def test_a_deauthorized_account_is_gone(answer: httpx.Response) -> None:
    payments = await Situation(answer, known(READY)).fetch(is_deauthorized=True)

    assert payments is not None
    assert (payments.status, payments.reason) == (DISCONNECTED, "account_gone")


async def test_a_deauthorized_account_that_stripe_still_returns_is_ready() -> None:
    """The organizer has connected it again since the event."""
    payments = await Situation(ANSWER_READY, known(DISCONNECTED)).fetch(is_deauthorized=True)

    assert payments is not None
    assert payments.status is READY


@pytest.mark.parametrize(
    ("answer", "is_deauthorized"), [(WRONG_KEY, True), (WRONG_KEY, False), (NO_PERMISSION, False)]
)
async def test_an_event_waits_for_a_key_that_is_accepted(
    answer: httpx.Response, is_deauthorized: bool
) -> None:
    situation = Situation(answer, known(READY))

    with pytest.raises(ApplicationError) as refused:
        await situation.fetch(is_deauthorized=is_deauthorized)

    assert refused.value.non_retryable
    assert situation.accounts.noted == []
