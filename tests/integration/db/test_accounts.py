"""A tenant has one current account in each mode, by which the tenant's open sessions are found."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.accounts import StoredAccount, StripeAccounts
from db.errors import AccountEnded
from db.pool import Connection, Pool
from db.projection import DurableProjection
from domain.actors import Actor, Tenant
from domain.session.view import SessionView, Status
from domain.values.payments import PaymentReason, Payments, PaymentStatus
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    MOMENT,
    projection_of,
    session_view,
)

ADA_S, ACME_S, BOB_S = (actor.tenant for actor in (ADA, ADA_AT_ACME, BOB))

OF_EARLIER_RELEASE = "SELECT a.account_id FROM stripe_accounts AS a WHERE a.tenant = $1"
KEEP_OF_EARLIER_RELEASE = (
    "INSERT INTO stripe_accounts (tenant, account_id) VALUES ($1, $2) "
    "ON CONFLICT (tenant) DO NOTHING"
)


def numbered(number: int) -> str:
    return str(UUID(int=number))


def fetched(
    account_id: str,
    minutes: int = 0,
    status: PaymentStatus = PaymentStatus.READY,
    *,
    livemode: bool | None = False,
    reason: str | None = None,
) -> Payments:
    return Payments(
        account_id=account_id,
        status=status,
        reason=reason,
        livemode=livemode,
        checked_at=MOMENT + timedelta(minutes=minutes),
    )


async def insert(worker: Pool, sessions: Iterable[SessionView]) -> None:
    await DurableProjection(worker).write([projection_of(view) for view in sessions])


async def id_of(accounts: StripeAccounts, tenant: Tenant) -> str | None:
    stored = await accounts.of(tenant)
    return stored.account_id if stored else None


async def next_generation(accounts: StripeAccounts, tenant: Tenant) -> int:
    return (await accounts.present(tenant)).next_generation


@pytest.fixture
def accounts(worker: Pool) -> StripeAccounts:
    return StripeAccounts(worker, livemode=False)


@pytest.fixture
def live(worker: Pool) -> StripeAccounts:
    return StripeAccounts(worker, livemode=True)


async def test_a_tenant_has_no_account_until_one_is_stored(accounts: StripeAccounts) -> None:
    assert await accounts.of(ADA_S) is None
    assert await next_generation(accounts, ADA_S) == 1

    kept = await accounts.keep(ADA_S, "acct_1", 1)

    assert kept == StoredAccount(account_id="acct_1", generation=1)
    assert await accounts.of(ADA_S) == kept
    assert await accounts.of(BOB_S) is None
    assert await next_generation(accounts, ADA_S) == 2


async def test_the_first_account_of_a_generation_is_kept(accounts: StripeAccounts) -> None:
    for generation in (1, 2):
        kept = await accounts.keep(ADA_S, f"acct_{generation}", generation)

        assert await accounts.keep(ADA_S, "acct_other", generation) == kept
        assert await accounts.keep(ADA_S, "acct_other", 1) == kept
        assert await accounts.keep(ADA_S, f"acct_{generation}", generation) == kept
        assert await accounts.of(ADA_S) == kept


@pytest.mark.parametrize("generation", [1, 2, 3])
async def test_concurrent_keeps_store_the_same_account(
    accounts: StripeAccounts, admin: Connection, generation: int
) -> None:
    for earlier in range(1, generation):
        await accounts.keep(ADA_S, f"acct_of_generation_{earlier}", earlier)

    stored = await asyncio.gather(
        *(accounts.keep(ADA_S, f"acct_{number}", generation) for number in range(20))
    )

    assert len({account.account_id for account in stored}) == 1
    assert await admin.fetchval("SELECT count(*) FROM stripe_accounts") == generation


@pytest.mark.parametrize(
    ("tenant", "other_tenant"),
    [(ADA_S, ACME_S), (Actor(user_id="acme").tenant, ACME_S)],
)
async def test_users_and_organizations_have_separate_accounts(
    accounts: StripeAccounts, tenant: Tenant, other_tenant: Tenant
) -> None:
    await accounts.keep(tenant, "acct_1", 1)
    await accounts.keep(other_tenant, "acct_2", 1)

    assert await id_of(accounts, tenant) == "acct_1"
    assert await id_of(accounts, other_tenant) == "acct_2"


async def test_each_mode_has_its_own_account(
    accounts: StripeAccounts, live: StripeAccounts
) -> None:
    await accounts.keep(ADA_S, "acct_test", 1)

    assert await live.of(ADA_S) is None
    assert await next_generation(live, ADA_S) == 1
    await live.keep(ADA_S, "acct_live", 1)

    assert await id_of(live, ADA_S) == "acct_live"
    assert await id_of(accounts, ADA_S) == "acct_test"


async def test_an_ended_account_is_kept_as_history(
    accounts: StripeAccounts, admin: Connection
) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)
    await accounts.note("acct_1", fetched("acct_1"))

    ended = await accounts.end(ADA_S, "acct_1", "disconnected_by_organizer", at=MOMENT)

    assert ended is not None
    assert (ended.status, ended.reason) == ("disconnected", "disconnected_by_organizer")
    assert (ended.account_id, ended.livemode, ended.checked_at) == ("acct_1", False, MOMENT)
    assert await accounts.of(ADA_S) is None
    assert await next_generation(accounts, ADA_S) == 2
    await accounts.keep(ADA_S, "acct_2", 2)
    rows = await admin.fetch(
        "SELECT account_id, generation, ended_at IS NULL AS is_current, end_reason "
        "FROM stripe_accounts ORDER BY generation"
    )
    assert [tuple(row) for row in rows] == [
        ("acct_1", 1, False, "disconnected_by_organizer"),
        ("acct_2", 2, True, None),
    ]


async def test_ending_twice_keeps_the_first_reason(accounts: StripeAccounts) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)
    first = await accounts.end(ADA_S, "acct_1", "disconnected_by_organizer", at=MOMENT)

    later = MOMENT + timedelta(hours=1)
    assert await accounts.end(ADA_S, "acct_1", "account_gone", at=later) == first


async def test_only_the_own_tenant_ends_an_account(accounts: StripeAccounts) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)

    assert await accounts.end(BOB_S, "acct_2", "disconnected_by_organizer", at=MOMENT) is None
    await accounts.end(BOB_S, "acct_1", "disconnected_by_organizer", at=MOMENT)

    assert await id_of(accounts, ADA_S) == "acct_1"


async def test_an_account_that_ended_meanwhile_is_not_kept(accounts: StripeAccounts) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)
    await accounts.end(ADA_S, "acct_1", "disconnected_by_organizer", at=MOMENT)

    with pytest.raises(AccountEnded, match="acct_1"):
        await accounts.keep(ADA_S, "acct_1", 1)

    assert await accounts.of(ADA_S) is None


async def test_the_last_status_is_that_of_the_newest_account(
    accounts: StripeAccounts, live: StripeAccounts
) -> None:
    assert await accounts.last_status(ADA_S) is None
    await accounts.keep(ADA_S, "acct_1", 1)
    ended = await accounts.end(ADA_S, "acct_1", "disconnected_by_organizer", at=MOMENT)
    assert await accounts.last_status(ADA_S) == ended
    assert await live.last_status(ADA_S) is None

    await accounts.keep(ADA_S, "acct_2", 2)
    await accounts.note("acct_2", fetched("acct_2"))

    assert await accounts.last_status(ADA_S) == fetched("acct_2")


async def test_the_newest_status_of_an_account_wins(accounts: StripeAccounts) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)
    newest = fetched("acct_1", 2)

    assert await accounts.note("acct_1", fetched("acct_1", 1)) == fetched("acct_1", 1)
    assert await accounts.note("acct_1", newest) == newest
    assert await accounts.note("acct_1", fetched("acct_1", 1, PaymentStatus.RESTRICTED)) == newest

    stored = await accounts.of(ADA_S)
    assert stored == StoredAccount(account_id="acct_1", generation=1, payments=newest)


async def test_the_status_of_an_ended_account_is_final(accounts: StripeAccounts) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)
    ended = await accounts.end(ADA_S, "acct_1", "disconnected_by_organizer", at=MOMENT)

    assert await accounts.note("acct_1", fetched("acct_1", 5)) == ended


async def test_the_status_of_an_unknown_account_is_not_stored(accounts: StripeAccounts) -> None:
    assert await accounts.note("acct_9", fetched("acct_9")) == fetched("acct_9")
    assert await accounts.of(ADA_S) is None


async def test_an_account_of_unknown_mode_belongs_to_the_first_that_finds_it(
    accounts: StripeAccounts, live: StripeAccounts, worker: Pool
) -> None:
    await worker.execute(KEEP_OF_EARLIER_RELEASE, str(ADA_S), "acct_1")
    assert await id_of(accounts, ADA_S) == await id_of(live, ADA_S) == "acct_1"

    gone = fetched("acct_1", 0, PaymentStatus.DISCONNECTED, livemode=None, reason="account_gone")
    await accounts.note("acct_1", gone)
    assert await id_of(live, ADA_S) == "acct_1"
    await live.note("acct_1", fetched("acct_1", 1, livemode=True))

    assert await id_of(live, ADA_S) == "acct_1"
    assert await accounts.of(ADA_S) is None


async def test_a_mistaken_key_does_not_end_an_account_of_unknown_mode(
    accounts: StripeAccounts, live: StripeAccounts, worker: Pool
) -> None:
    await worker.execute(KEEP_OF_EARLIER_RELEASE, str(ADA_S), "acct_live")

    await accounts.keep(ADA_S, "acct_test", await next_generation(accounts, ADA_S))

    assert await id_of(accounts, ADA_S) == "acct_test"
    assert await id_of(live, ADA_S) == "acct_live"


async def test_the_earlier_release_works_with_the_accounts(
    accounts: StripeAccounts, worker: Pool
) -> None:
    """Its workers and this release's run side by side during an upgrade."""
    await worker.execute(KEEP_OF_EARLIER_RELEASE, str(ADA_S), "acct_1")
    await worker.execute(KEEP_OF_EARLIER_RELEASE, str(ADA_S), "acct_2")
    assert await accounts.keep(ADA_S, "acct_3", 1) == await accounts.of(ADA_S)
    assert await id_of(accounts, ADA_S) == "acct_1"

    await accounts.keep(BOB_S, "acct_4", 1)
    await worker.execute(KEEP_OF_EARLIER_RELEASE, str(BOB_S), "acct_5")

    assert await worker.fetchval(OF_EARLIER_RELEASE, str(BOB_S)) == "acct_4"
    assert await id_of(accounts, BOB_S) == "acct_4"


async def test_restored_accounts_end_with_the_one_that_was_fetched_last(
    accounts: StripeAccounts, admin: Connection
) -> None:
    by_organizer = PaymentReason.DISCONNECTED_BY_ORGANIZER.value
    disconnected = fetched("acct_4", 9, PaymentStatus.DISCONNECTED, reason=by_organizer)
    for payments in (
        fetched("acct_2", 5),
        fetched("acct_1", 1),
        fetched("acct_3", 3),
        disconnected,
        fetched("acct_live", 0, livemode=True),
        Payments(),
    ):
        for _ in range(2):
            await accounts.restore(ADA_S, payments)

    assert await id_of(accounts, ADA_S) == "acct_2"
    rows = await admin.fetch(
        "SELECT account_id FROM stripe_accounts WHERE ended_at IS NULL ORDER BY account_id"
    )
    assert [row["account_id"] for row in rows] == ["acct_2", "acct_live"]


async def test_restoring_never_replaces_an_account(accounts: StripeAccounts) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)

    await accounts.restore(ADA_S, fetched("acct_0"))

    assert await id_of(accounts, ADA_S) == "acct_1"


class Step(StrEnum):
    CONNECT = "connect"
    """Several members at once: Stripe returns the same account for the same key."""
    SLOW_CONNECT = "slow connect"
    """A member whose account was created under the first key of all."""
    DISCONNECT = "disconnect"


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(Step), st.booleans()), min_size=1, max_size=12),
    is_of_earlier_release=st.booleans(),
)
async def test_any_life_has_one_current_account_per_mode(
    accounts: StripeAccounts,
    live: StripeAccounts,
    admin: Connection,
    steps: list[tuple[Step, bool]],
    is_of_earlier_release: bool,
) -> None:
    tenant = Tenant("user", uuid4().hex)
    if is_of_earlier_release:
        await admin.execute(KEEP_OF_EARLIER_RELEASE, str(tenant), f"{tenant}-earlier")

    for step, livemode in steps:
        repository = live if livemode else accounts
        present = await repository.present(tenant)
        current = present.current
        assert current == await repository.of(tenant)
        if step is Step.DISCONNECT:
            if current is not None:
                await repository.end(tenant, current.account_id, "any", at=MOMENT)
                assert await repository.of(tenant) != current
        elif step is Step.SLOW_CONNECT:
            with suppress(AccountEnded):
                assert await repository.keep(tenant, f"{tenant}-{livemode}-1", 1) == (
                    await repository.of(tenant)
                )
        elif current is None:
            number = present.next_generation
            account_id = f"{tenant}-{livemode}-{number}"
            kept = await asyncio.gather(
                *(repository.keep(tenant, account_id, number) for _ in range(3))
            )
            assert {account.account_id for account in kept} == {account_id}
            assert await repository.of(tenant) == kept[0]

    rows = await admin.fetch(
        "SELECT livemode, generation, ended_at FROM stripe_accounts "
        "WHERE tenant = $1 ORDER BY livemode, generation",
        str(tenant),
    )
    for mode in (False, True, None):
        of_mode = [row for row in rows if row["livemode"] is mode]
        numbers = [row["generation"] for row in of_mode]
        assert len(set(numbers)) == len(numbers)
        assert len([row for row in of_mode if row["ended_at"] is None]) <= 1


async def test_open_sessions_are_those_of_the_tenant(
    accounts: StripeAccounts, worker: Pool
) -> None:
    await accounts.keep(ACME_S, "acct_1", 1)
    await accounts.end(ACME_S, "acct_1", "disconnected_by_organizer", at=MOMENT)
    await accounts.keep(ACME_S, "acct_2", 2)
    await insert(
        worker,
        [
            session_view(ADA_AT_ACME, session_id=numbered(3)),
            session_view(Actor(user_id="eve", organization_id="acme"), session_id=numbered(1)),
            session_view(ADA, session_id=numbered(2)),
            *(
                session_view(ADA_AT_ACME, status=status)
                for status in Status
                if status is not Status.IN_PROGRESS
            ),
        ],
    )

    for account_id in ("acct_1", "acct_2"):
        found = await accounts.open_sessions(account_id, after=None, limit=9)
        assert found == [numbered(3), numbered(1)]
    assert await accounts.open_sessions("acct_3", after=None, limit=9) == []


async def test_pages_have_each_open_session_once_newest_first(
    accounts: StripeAccounts, worker: Pool
) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)
    created = {numbered(number): MOMENT + timedelta(seconds=number % 50) for number in range(150)}
    await insert(
        worker,
        [
            session_view(ADA, session_id=session_id).model_copy(update={"created_at": at})
            for session_id, at in created.items()
        ],
    )

    pages, after = [], None
    while page := await accounts.open_sessions("acct_1", after=after, limit=40):
        pages.append(page)
        after = page[-1]

    assert [len(page) for page in pages] == [40, 40, 40, 30]
    found = [session_id for page in pages for session_id in page]
    assert found == sorted(
        created, key=lambda found_id: (created[found_id], found_id), reverse=True
    )


async def test_a_page_after_an_erased_session_begins_anew(
    accounts: StripeAccounts, worker: Pool
) -> None:
    await accounts.keep(ADA_S, "acct_1", 1)
    await insert(worker, [session_view(ADA, session_id=numbered(number)) for number in (1, 2)])

    found = await accounts.open_sessions("acct_1", after=numbered(9), limit=9)

    assert found == [numbered(2), numbered(1)]
