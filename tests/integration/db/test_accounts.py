"""A tenant has one account, by which the tenant's open sessions are found."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

import pytest

from db.accounts import StripeAccounts
from db.pool import Connection, Pool
from db.projection import DurableProjection
from domain.actors import Actor, Tenant
from domain.session.view import SessionView, Status
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    projection_of,
    session_view,
)

ADA_S, ACME_S, BOB_S = (actor.tenant for actor in (ADA, ADA_AT_ACME, BOB))


def numbered(number: int) -> str:
    return str(UUID(int=number))


async def insert(worker: Pool, sessions: Iterable[SessionView]) -> None:
    await DurableProjection(worker).write([projection_of(view) for view in sessions])


@pytest.fixture
def accounts(worker: Pool) -> StripeAccounts:
    return StripeAccounts(worker)


async def test_a_tenant_has_no_account_until_one_is_stored(accounts: StripeAccounts) -> None:
    assert await accounts.of(ADA_S) is None

    assert await accounts.keep(ADA_S, "acct_1") == "acct_1"

    assert await accounts.of(ADA_S) == "acct_1"
    assert await accounts.of(BOB_S) is None


async def test_the_first_account_of_a_tenant_is_kept(accounts: StripeAccounts) -> None:
    await accounts.keep(ADA_S, "acct_1")

    assert await accounts.keep(ADA_S, "acct_2") == "acct_1"
    assert await accounts.keep(ADA_S, "acct_1") == "acct_1"

    assert await accounts.of(ADA_S) == "acct_1"


async def test_concurrent_keeps_store_the_same_account(
    accounts: StripeAccounts, admin: Connection
) -> None:
    stored = await asyncio.gather(*(accounts.keep(ADA_S, f"acct_{number}") for number in range(20)))

    assert len(set(stored)) == 1
    assert await admin.fetchval("SELECT count(*) FROM stripe_accounts") == 1


@pytest.mark.parametrize(
    ("tenant", "other_tenant"),
    [(ADA_S, ACME_S), (Actor(user_id="acme").tenant, ACME_S)],
)
async def test_users_and_organizations_have_separate_accounts(
    accounts: StripeAccounts, tenant: Tenant, other_tenant: Tenant
) -> None:
    await accounts.keep(tenant, "acct_1")
    await accounts.keep(other_tenant, "acct_2")

    assert (await accounts.of(tenant), await accounts.of(other_tenant)) == ("acct_1", "acct_2")


async def test_open_sessions_are_those_of_the_tenant(
    accounts: StripeAccounts, worker: Pool
) -> None:
    await accounts.keep(ACME_S, "acct_1")
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

    found = await accounts.open_sessions("acct_1", after=None, limit=9)

    assert found == [numbered(1), numbered(3)]
    assert await accounts.open_sessions("acct_2", after=None, limit=9) == []


async def test_pages_have_each_open_session_once(accounts: StripeAccounts, worker: Pool) -> None:
    await accounts.keep(ADA_S, "acct_1")
    expected = [numbered(number) for number in range(1, 151)]
    await insert(
        worker, [session_view(ADA, session_id=session_id) for session_id in reversed(expected)]
    )

    pages, after = [], None
    while page := await accounts.open_sessions("acct_1", after=after, limit=40):
        pages.append(page)
        after = page[-1]

    assert [len(page) for page in pages] == [40, 40, 40, 30]
    assert [session_id for page in pages for session_id in page] == expected
