"""The privileges of each role, listed; everything else is refused."""

import asyncpg
import pytest

from db.pool import Connection, Pool
from db.projection import LiveProjection
from db.publications import Publications
from tests.integration.db.read_model_factories import (
    MOMENT,
    action,
    event,
    projection_of,
    session_view,
)

ROLES = ("wizard_api", "wizard_projector", "wizard_inbox", "wizard_worker")
TABLES = (
    "wizard_sessions",
    "wizard_actions",
    "further_wizard_actions",
    "events",
    "stripe_accounts",
    "further_stripe_accounts",
    "stripe_events",
    "erasures",
    "outbox",
    "media",
    "members",
    "session_presence",
    "copilot_threads",
    "token_issuers",
    "media_references",
    "media_deletions",
    "schema_migrations",
    "stripe_answer",
)
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

ON_WHOLE_TABLES = {
    ("wizard_api", "wizard_sessions"): {"SELECT"},
    ("wizard_api", "wizard_actions"): {"SELECT"},
    ("wizard_api", "events"): {"SELECT"},
    ("wizard_api", "stripe_accounts"): {"SELECT"},
    ("wizard_api", "erasures"): {"SELECT"},
    ("wizard_api", "media"): {"SELECT", "INSERT"},
    ("wizard_api", "members"): {"SELECT", "INSERT"},
    ("wizard_api", "session_presence"): {"SELECT", "INSERT", "DELETE"},
    ("wizard_api", "copilot_threads"): {"SELECT", "INSERT", "DELETE"},
    ("wizard_projector", "wizard_sessions"): {"INSERT"},
    ("wizard_projector", "wizard_actions"): {"INSERT"},
    ("wizard_projector", "further_wizard_actions"): {"INSERT"},
    ("wizard_inbox", "stripe_events"): {"INSERT"},
    ("wizard_worker", "wizard_sessions"): {"SELECT", "INSERT", "UPDATE"},
    ("wizard_worker", "wizard_actions"): {"SELECT", "INSERT"},
    ("wizard_worker", "further_wizard_actions"): {"INSERT"},
    ("wizard_worker", "events"): {"SELECT", "INSERT", "UPDATE", "DELETE"},
    ("wizard_worker", "stripe_accounts"): {"SELECT", "INSERT"},
    ("wizard_worker", "further_stripe_accounts"): {"INSERT"},
    ("wizard_worker", "stripe_events"): {"SELECT"},
    ("wizard_worker", "outbox"): {"SELECT", "INSERT", "DELETE"},
    ("wizard_worker", "media"): {"SELECT", "DELETE"},
    ("wizard_worker", "media_references"): {"SELECT"},
    ("wizard_worker", "stripe_answer"): {"SELECT", "INSERT"},
    ("wizard_worker", "media_deletions"): {"SELECT", "DELETE"},
}


@pytest.mark.parametrize("role", ROLES)
async def test_roles_have_the_listed_privileges(admin: Connection, role: str) -> None:
    for table in TABLES:
        granted = {
            privilege
            for privilege in PRIVILEGES
            if await admin.fetchval(
                "SELECT has_table_privilege($1, $2, $3)", role, table, privilege
            )
        }
        assert granted == ON_WHOLE_TABLES.get((role, table), set()), table


async def columns(admin: Connection, role: str, table: str, privilege: str) -> set[str]:
    rows = await admin.fetch(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = $2::text::regclass AND attnum > 0
          AND has_column_privilege($1, attrelid, attnum, $3)
        """,
        role,
        table,
        privilege,
    )
    return {row["attname"] for row in rows}


async def test_the_projector_sees_keys_and_revisions_only(admin: Connection) -> None:
    for table in ("wizard_sessions", "wizard_actions"):
        readable = await columns(admin, "wizard_projector", table, "SELECT")
        assert readable == {"session_id", "revision"}
    updatable = await columns(admin, "wizard_projector", "wizard_sessions", "UPDATE")
    assert not updatable & {"session_id", "user_id", "organization_id", "tenant", "created_at"}
    assert await columns(admin, "wizard_projector", "wizard_actions", "UPDATE") == set()
    for privilege in ("SELECT", "UPDATE"):
        assert await columns(admin, "wizard_projector", "events", privilege) == set()


async def test_the_api_sees_only_ids_of_the_inbox(admin: Connection) -> None:
    assert await columns(admin, "wizard_inbox", "stripe_events", "SELECT") == {"id"}
    assert await columns(admin, "wizard_inbox", "stripe_events", "UPDATE") == set()
    for role in ("wizard_api", "wizard_projector"):
        for privilege in ("SELECT", "INSERT", "UPDATE"):
            assert await columns(admin, role, "stripe_events", privilege) == set()


async def test_the_worker_changes_only_the_stamps_of_events(
    admin: Connection,
) -> None:
    updatable = await columns(admin, "wizard_worker", "stripe_events", "UPDATE")
    assert updatable == {"processed_at", "outcome", "error"}


async def test_the_worker_changes_only_the_status_of_accounts(admin: Connection) -> None:
    updatable = await columns(admin, "wizard_worker", "stripe_accounts", "UPDATE")
    assert updatable == {"livemode", "payments", "ended_at", "end_reason"}
    assert await columns(admin, "wizard_worker", "further_stripe_accounts", "UPDATE") == set()


async def test_the_worker_changes_only_the_stamps_of_messages(
    admin: Connection,
) -> None:
    updatable = await columns(admin, "wizard_worker", "outbox", "UPDATE")
    assert updatable == {"redrive_at", "attempts", "last_error", "delivered_at", "given_up_at"}
    for role in ("wizard_api", "wizard_projector", "wizard_inbox"):
        for privilege in ("SELECT", "INSERT", "UPDATE"):
            assert await columns(admin, role, "outbox", privilege) == set()


async def test_processes_see_only_names_of_migrations(admin: Connection) -> None:
    for role in ("wizard_api", "wizard_worker"):
        assert await columns(admin, role, "schema_migrations", "SELECT") == {"name"}
    for role in ("wizard_projector", "wizard_inbox"):
        assert await columns(admin, role, "schema_migrations", "SELECT") == set()


async def test_no_role_has_more_than_its_grants(admin: Connection) -> None:
    rows = await admin.fetch(
        """
        SELECT rolname FROM pg_roles
        WHERE rolname = ANY ($1)
          AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
        """,
        ROLES,
    )
    owned = await admin.fetch(
        "SELECT relname FROM pg_class WHERE relowner IN "
        "(SELECT oid FROM pg_roles WHERE rolname = ANY ($1))",
        ROLES,
    )
    assert rows == []
    assert owned == []
    for taken_on in ("wizard_projector", "wizard_inbox"):
        inherited = await admin.fetchval("SELECT pg_has_role('wizard_api', $1, 'USAGE')", taken_on)
        assert not inherited, taken_on


REFUSED_TO_ALL = [
    "CREATE TABLE mine (id int)",
    "SELECT * FROM schema_migrations",
    "INSERT INTO schema_migrations (name, checksum) VALUES ('x', 'y')",
    "DELETE FROM wizard_sessions",
    "DELETE FROM wizard_actions",
    "UPDATE wizard_actions SET actor_id = 'eve'",
    "TRUNCATE wizard_sessions, wizard_actions",
    "SELECT * FROM further_wizard_actions",
    "UPDATE further_wizard_actions SET actor_id = 'eve'",
    "DELETE FROM further_wizard_actions",
    "DELETE FROM stripe_accounts",
    "UPDATE stripe_accounts SET account_id = 'acct_of_eve'",
    "UPDATE stripe_accounts SET tenant = 'user:eve'",
    "SELECT * FROM further_stripe_accounts",
    "UPDATE further_stripe_accounts SET ended_at = NULL",
    "DELETE FROM further_stripe_accounts",
    "DELETE FROM stripe_events",
    "DELETE FROM erasures",
    "UPDATE stripe_events SET payload = '{}'",
    "UPDATE outbox SET payload = '{}'",
    "DELETE FROM members",
    "UPDATE members SET user_id = 'eve'",
    "UPDATE session_presence SET user_id = 'eve'",
    "UPDATE copilot_threads SET user_id = 'eve'",
    "SELECT * FROM token_issuers",
    "INSERT INTO token_issuers (issuer) VALUES ('https://eve.example')",
    "ALTER TABLE wizard_sessions DISABLE ROW LEVEL SECURITY",
    "SET ROLE postgres",
]
REFUSED_TO_READERS = [
    "INSERT INTO events (id) VALUES (gen_random_uuid())",
    "UPDATE events SET title = 'x'",
    "DELETE FROM events",
]
REFUSED_TO_ALL_BUT_THE_WORKER = [
    "SELECT * FROM stripe_events",
    "UPDATE stripe_events SET processed_at = now()",
    "SELECT * FROM outbox",
    "INSERT INTO outbox (id) VALUES ('msg_1')",
    "UPDATE outbox SET delivered_at = now()",
    "DELETE FROM outbox",
    "INSERT INTO stripe_accounts (tenant, account_id) VALUES ('user:eve', 'acct_1')",
    "INSERT INTO further_stripe_accounts (tenant, account_id) VALUES ('user:eve', 'acct_1')",
    "UPDATE stripe_accounts SET ended_at = now()",
]
REFUSED = {
    "wizard_api": [
        *REFUSED_TO_ALL,
        *REFUSED_TO_READERS,
        *REFUSED_TO_ALL_BUT_THE_WORKER,
        "INSERT INTO wizard_sessions (session_id) VALUES (gen_random_uuid())",
        "UPDATE wizard_sessions SET revision = 1",
        "INSERT INTO wizard_actions (session_id) VALUES (gen_random_uuid())",
        "INSERT INTO further_wizard_actions (session_id) VALUES (gen_random_uuid())",
        "INSERT INTO stripe_events (id) VALUES ('evt_1')",
        "SET ROLE wizard_worker",
    ],
    "wizard_inbox": [
        *REFUSED_TO_ALL,
        *REFUSED_TO_READERS,
        *REFUSED_TO_ALL_BUT_THE_WORKER,
        "SELECT payload FROM stripe_events",
        "SELECT * FROM stripe_accounts",
        "SELECT session_id FROM wizard_sessions",
        "SELECT * FROM events",
        "SELECT wizard_slug_is_taken('x', NULL)",
        "SELECT * FROM wizard_public_event('x')",
        "SELECT * FROM wizard_revisions('{}')",
        "SELECT * FROM members",
        "SELECT * FROM session_presence",
        "SELECT * FROM copilot_threads",
        "SELECT wizard_thread_exists(gen_random_uuid())",
        "SELECT * FROM wizard_renew_presence(gen_random_uuid(), 45)",
        "SELECT wizard_end_presence(gen_random_uuid())",
        "SELECT wizard_add_issuers('{a}')",
    ],
    "wizard_projector": [
        *REFUSED_TO_ALL,
        *REFUSED_TO_READERS,
        *REFUSED_TO_ALL_BUT_THE_WORKER,
        "SELECT * FROM stripe_accounts",
        "SELECT event_data FROM wizard_sessions",
        "SELECT user_id FROM wizard_sessions",
        "SELECT payload FROM wizard_actions",
        "SELECT * FROM events",
        "UPDATE wizard_sessions SET user_id = 'eve'",
        "UPDATE wizard_sessions SET organization_id = 'other'",
        "SELECT wizard_slug_is_taken('x', NULL)",
        "SELECT * FROM wizard_public_event('x')",
        "SELECT * FROM wizard_revisions('{}')",
        "SELECT * FROM members",
        "SELECT * FROM session_presence",
        "SELECT * FROM copilot_threads",
        "SELECT wizard_thread_exists(gen_random_uuid())",
        "SELECT * FROM wizard_renew_presence(gen_random_uuid(), 45)",
        "SELECT wizard_end_presence(gen_random_uuid())",
        "SELECT wizard_add_issuers('{a}')",
    ],
    "wizard_worker": [
        *REFUSED_TO_ALL,
        "SET ROLE wizard_api",
        "SET ROLE wizard_projector",
        "SET ROLE wizard_inbox",
        "INSERT INTO stripe_events (id) VALUES ('evt_1')",
        "SELECT * FROM wizard_public_event('x')",
        "SELECT * FROM wizard_revisions('{}')",
        "SELECT * FROM members",
        "SELECT * FROM session_presence",
        "SELECT * FROM copilot_threads",
        "SELECT wizard_thread_exists(gen_random_uuid())",
        "SELECT * FROM wizard_renew_presence(gen_random_uuid(), 45)",
        "SELECT wizard_end_presence(gen_random_uuid())",
        "SELECT wizard_add_issuers('{a}')",
    ],
}


@pytest.mark.parametrize("role", ROLES)
async def test_a_privilege_not_granted_is_refused(admin: Connection, role: str) -> None:
    await admin.execute(f"SET SESSION AUTHORIZATION {role}")

    for statement in REFUSED[role]:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(statement)


@pytest.fixture
async def published(api: Pool, worker: Pool) -> str:
    """The session of a published event."""
    view = session_view()
    projected = projection_of(view, (action(3),))
    await LiveProjection(api).write([projected])
    await Publications(worker).reserve(event(session_id=view.session_id))
    await Publications(worker).publish(view.session_id, at=MOMENT, projected=projected)
    return view.session_id


@pytest.mark.parametrize(
    "statement", ["DELETE FROM events", "UPDATE events SET title = 'x', slug = 'y'"]
)
async def test_the_worker_cannot_touch_a_published_event(
    worker: Pool, published: str, statement: str
) -> None:
    assert (await worker.execute(statement)).endswith(" 0")


async def test_the_worker_cannot_insert_a_published_event(worker: Pool, published: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.execute(
            """
            INSERT INTO events (
                id, session_id, user_id, slug, slug_is_derived, title, type, visibility, tags,
                event_date, start_time, end_date, timezone, starts_at, organizer, venue_mode,
                venue_data, currency, ticket_tiers, sponsor_data, status, published_at
            )
            SELECT
                gen_random_uuid(), gen_random_uuid(), user_id, 'other', slug_is_derived, title,
                type, visibility, tags, event_date, start_time, end_date, timezone, starts_at,
                organizer, venue_mode, venue_data, currency, ticket_tiers, sponsor_data, status,
                published_at
            FROM events WHERE session_id = $1
            """,
            published,
        )
