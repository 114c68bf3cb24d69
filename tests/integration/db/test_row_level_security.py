"""The rows that the API's role sees, with the claims of different callers."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from db.accounts import StripeAccounts
from db.inbox import InboxWriter
from db.pool import Connection, Pool
from db.projection import LiveProjection
from db.publications import Publications
from db.reads import EventReads, SessionReads
from domain.actors import Actor
from domain.publishing.event import Event
from domain.session.view import SessionView
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    EVE_AT_ACME,
    EVE_AT_OTHER,
    MOMENT,
    NAMED_LIKE_ORGANIZATION,
    action,
    event,
    projection_of,
    session_view,
)

OWNERS = [ADA, ADA_AT_ACME, BOB]
TABLES = ["wizard_sessions", "wizard_actions", "events"]
TRAIL = tuple(action(revision) for revision in (1, 2, 3))


@dataclass(frozen=True)
class Owned:
    session: SessionView
    event: Event


@pytest.fixture
async def owned(api: Pool, worker: Pool) -> dict[Actor, Owned]:
    """A session with an action and a published, private event for each owner."""
    by_owner = {}
    for number, owner in enumerate(OWNERS):
        view = session_view(owner)
        projected = projection_of(view, TRAIL)
        await LiveProjection(api).write([projected])
        draft = event(
            owner, session_id=view.session_id, slug=f"show-{number}", visibility="private"
        )
        await Publications(worker).reserve(draft)
        published = await Publications(worker).publish(
            view.session_id, at=MOMENT, projected=projected
        )
        by_owner[owner] = Owned(view, published)
    return by_owner


async def owners_seen(api: Pool, table: str, claims: str | None) -> set[tuple[str, str | None]]:
    """User and organization of the rows that the API's role sees with these claims."""
    async with api.acquire() as connection, connection.transaction():
        if claims is not None:
            await connection.execute("SELECT set_config('request.jwt.claims', $1, true)", claims)
        rows = await connection.fetch(f"SELECT user_id, organization_id FROM {table}")
    return {(row["user_id"], row["organization_id"]) for row in rows}


async def accounts_seen(api: Pool, claims: dict[str, Any] | None) -> list[str]:
    async with api.acquire() as connection, connection.transaction():
        if claims is not None:
            await connection.execute(
                "SELECT set_config('request.jwt.claims', $1, true)", json.dumps(claims)
            )
        return [row["account_id"] for row in await connection.fetch("TABLE stripe_accounts")]


PERSONAL = {("ada", None)}
ACME = {("ada", "acme")}


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"sub": "ada"}, PERSONAL),
        ({"sub": "ada", "org_id": None, "o": {}}, PERSONAL),
        ({"sub": "ada", "org_id": "acme"}, ACME),
        ({"sub": "eve", "org_id": "acme"}, ACME),
        ({"sub": "eve", "app_metadata": {"organization_id": "acme"}}, ACME),
        ({"sub": "eve", "o": {"id": "acme"}}, ACME),
        (
            {
                "sub": "eve",
                "app_metadata": {"organization_id": "acme"},
                "org_id": "other",
                "o": {"id": "other"},
            },
            ACME,
        ),
        ({"sub": "eve", "org_id": "acme", "o": {"id": "other"}}, ACME),
        ({"sub": "ada", "org_id": "other"}, set()),
        ({"sub": "eve"}, set()),
        ({"sub": "acme"}, set()),
        ({"sub": "ada", "org_id": ""}, set()),
        ({"sub": "ada", "org_id": 7}, set()),
        ({"sub": "ada", "org_id": ["acme"]}, set()),
        ({"sub": None}, set()),
        ({}, set()),
        ([], set()),
        ("ada", set()),
    ],
)
async def test_claims_decide_what_is_seen(
    api: Pool, owned: object, claims: Any, expected: set[tuple[str, str | None]]
) -> None:
    for table in TABLES:
        assert await owners_seen(api, table, json.dumps(claims)) == expected


@pytest.mark.parametrize("claims", [None, ""])
async def test_a_connection_without_claims_sees_nothing(
    api: Pool, owned: object, claims: str | None
) -> None:
    for table in TABLES:
        assert await owners_seen(api, table, claims) == set()


@pytest.mark.parametrize(
    ("caller", "owner"),
    [(ADA, ADA), (ADA_AT_ACME, ADA_AT_ACME), (EVE_AT_ACME, ADA_AT_ACME), (BOB, BOB)],
)
async def test_members_of_the_tenant_read_all_rows(
    api: Pool, owned: dict[Actor, Owned], caller: Actor, owner: Actor
) -> None:
    rows = owned[owner]
    sessions, events = SessionReads(api), EventReads(api)

    assert await sessions.get(caller, rows.session.session_id) == rows.session
    listed = await sessions.list(caller, status=None, limit=9, cursor=None)
    assert listed.items == [rows.session]
    trail = await sessions.actions(caller, rows.session.session_id, limit=9, cursor=None)
    assert trail.items == list(reversed(TRAIL))
    assert await sessions.sections_at(caller, rows.session.session_id, 3) is not None
    assert await events.get(caller, rows.event.event_id) == rows.event
    assert (await events.list(caller, 9, None)).items == [rows.event]


@pytest.mark.parametrize(
    ("caller", "owner"),
    [
        (ADA, ADA_AT_ACME),
        (ADA_AT_ACME, ADA),
        (EVE_AT_OTHER, ADA_AT_ACME),
        (NAMED_LIKE_ORGANIZATION, ADA_AT_ACME),
        (BOB, ADA),
    ],
)
async def test_other_tenants_read_no_row(
    api: Pool, owned: dict[Actor, Owned], caller: Actor, owner: Actor
) -> None:
    rows = owned[owner]
    sessions, events = SessionReads(api), EventReads(api)

    assert await sessions.get(caller, rows.session.session_id) is None
    trail = await sessions.actions(caller, rows.session.session_id, limit=9, cursor=None)
    assert trail.items == []
    assert await sessions.sections_at(caller, rows.session.session_id, 3) is None
    assert await events.get(caller, rows.event.event_id) is None


async def test_claims_do_not_outlive_their_transaction(
    api: Pool, owned: dict[Actor, Owned]
) -> None:
    await SessionReads(api).get(ADA, owned[ADA].session.session_id)

    assert await owners_seen(api, "wizard_sessions", None) == set()


async def test_a_member_of_the_projector_role_sees_no_more(
    api: Pool, admin: Connection, owned: object
) -> None:
    """If an operator grants the projector role with inheritance, the API still sees no more."""
    transaction = admin.transaction()
    await transaction.start()
    try:
        await admin.execute("CREATE ROLE careless NOLOGIN INHERIT")
        await admin.execute("GRANT SELECT ON wizard_sessions TO careless")
        await admin.execute("GRANT wizard_api, wizard_projector TO careless")
        await admin.execute("SET LOCAL ROLE careless")
        assert await admin.fetch("SELECT * FROM wizard_sessions") == []
    finally:
        await transaction.rollback()


@pytest.mark.parametrize(
    ("caller", "accounts"),
    [
        (ADA, ["acct_1"]),
        (ADA_AT_ACME, ["acct_2"]),
        (EVE_AT_ACME, ["acct_2"]),
        (EVE_AT_OTHER, []),
        (NAMED_LIKE_ORGANIZATION, []),
        (None, []),
    ],
)
async def test_only_members_of_the_tenant_see_its_account(
    api: Pool, worker: Pool, caller: Actor | None, accounts: list[str]
) -> None:
    for number, owner in enumerate(OWNERS, 1):
        await StripeAccounts(worker, livemode=False).keep(owner.tenant, f"acct_{number}", 1)

    claims = {"sub": caller.user_id, "org_id": caller.organization_id} if caller else None
    assert await accounts_seen(api, claims) == accounts


async def test_a_member_of_the_inbox_role_sees_no_event(api: Pool, admin: Connection) -> None:
    await InboxWriter(api).put(
        "evt_1",
        event_type="account.updated",
        account_id="acct_1",
        livemode=False,
        payload={},
        created_at=MOMENT,
    )
    transaction = admin.transaction()
    await transaction.start()
    try:
        await admin.execute("CREATE ROLE careless NOLOGIN INHERIT")
        await admin.execute("GRANT SELECT ON stripe_events TO careless")
        await admin.execute("GRANT wizard_api, wizard_inbox TO careless")
        await admin.execute("SET LOCAL ROLE careless")
        assert await admin.fetch("SELECT * FROM stripe_events") == []
    finally:
        await transaction.rollback()


async def test_every_table_has_row_level_security(admin: Connection) -> None:
    """A view with ``security_invoker`` has that of its tables."""
    unprotected = await admin.fetch(
        """
        SELECT c.relname FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND NOT c.relrowsecurity
          AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
        """
    )
    assert unprotected == []


async def test_every_table_that_a_role_can_use_has_a_policy(admin: Connection) -> None:
    without = await admin.fetch(
        """
        SELECT c.relname FROM pg_class AS c
        CROSS JOIN pg_roles AS r
        WHERE c.relnamespace = 'public'::regnamespace
          AND c.relkind IN ('r', 'p', 'm', 'f')
          AND r.rolname IN ('wizard_api', 'wizard_projector', 'wizard_worker')
          AND has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE')
          AND NOT EXISTS (SELECT FROM pg_policy AS policy WHERE policy.polrelid = c.oid)
        """
    )
    assert without == []


async def test_every_definer_function_is_closed_and_pinned(admin: Connection) -> None:
    unsafe = await admin.fetch(
        """
        SELECT p.proname FROM pg_proc AS p
        WHERE p.pronamespace = 'public'::regnamespace
          AND p.prosecdef
          AND (
              p.proconfig IS NULL
              OR NOT EXISTS (
                  SELECT FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%'
              )
              OR p.proacl IS NULL
              OR EXISTS (SELECT FROM aclexplode(p.proacl) AS acl WHERE acl.grantee = 0)
          )
        """
    )
    assert unsafe == []


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ('{"sub": "0b0e6a1e-3f0c-4f5e-9d5e-0c9a3f1f9d10"}', "0b0e6a1e-3f0c-4f5e-9d5e-0c9a3f1f9d10"),
        ('{"sub": "user_2abc"}', None),
        ("{}", None),
        ("", None),
    ],
)
async def test_auth_uid_works_as_on_supabase(api: Pool, claims: str, expected: str | None) -> None:
    async with api.acquire() as connection, connection.transaction():
        await connection.execute("SELECT set_config('request.jwt.claims', $1, true)", claims)
        assert await connection.fetchval("SELECT auth.uid()::text") == expected
