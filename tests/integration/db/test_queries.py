"""Each statement of ``db/queries`` matches the schema, and the frequent ones use their index."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from db import rows
from db.pool import Connection, Pool, create_pool
from db.projection import DurableProjection
from db.sql import sql, statements
from domain.actors import Actor
from domain.session.view import Status
from tests.integration.db.read_model_factories import (
    MOMENT,
    action,
    event,
    projection_of,
    session_view,
)
from tests.support.postgres import PostgresServer, as_owner, migrated_database

TENANTS = 40
A_UUID = "'00000000-0000-0000-0000-000000000007'"


async def test_each_statement_matches_the_schema(admin: Connection) -> None:
    failed = {}
    for name in statements():
        try:
            await admin.prepare(sql(name))
        except asyncpg.PostgresError as error:
            failed[name] = str(error)
    assert failed == {}


@pytest.fixture(scope="module")
async def populated(postgres: PostgresServer) -> AsyncIterator[Connection]:
    """A connection to a database that tests only read."""
    async with migrated_database(postgres) as database, as_owner(database) as admin:
        worker = await create_pool(database.worker_dsn, application_name="test-worker")
        await populate(worker, admin)
        await worker.close()
        yield admin


async def populate(worker: Pool, admin: Connection) -> None:
    """Enough rows of enough tenants for the planner to prefer an index."""
    view = session_view()
    batch = [
        projection_of(
            view.model_copy(
                update={
                    "session_id": str(uuid4()),
                    "user_id": f"user-{number % TENANTS}",
                    "status": list(Status)[number % 4],
                    "created_at": MOMENT + timedelta(minutes=number),
                }
            ),
            (*(action(revision) for revision in range(1, 4)), action(1, part=1)),
        )
        for number in range(4000)
    ]
    await DurableProjection(worker).write(batch)
    drafts = [
        rows.event_row(event(Actor(user_id=f"user-{number % TENANTS}"), slug=f"show-{number}"))
        for number in range(2000)
    ]
    await worker.executemany(sql("event_reserve"), [[draft] for draft in drafts])
    await worker.executemany(
        sql("event_publish"),
        [
            [draft["session_id"], MOMENT + timedelta(minutes=number), draft["ticket_tiers"]]
            for number, draft in enumerate(drafts)
        ],
    )
    await admin.execute(_FILL_INBOX)
    await admin.execute(_FILL_ACCOUNTS)
    await admin.execute(_FILL_OUTBOX)
    await admin.execute(_FILL_ERASURES)
    await admin.execute("ANALYZE")


# Nearly all events are processed, and every account has its tenant.
_FILL_INBOX = """
INSERT INTO stripe_events (id, type, livemode, payload, created_at, processed_at)
SELECT 'evt_' || n, 'account.updated', false, '{}', now(), CASE WHEN n % 100 <> 0 THEN now() END
FROM generate_series(1, 4000) AS n
"""
_FILL_ACCOUNTS = """
WITH first AS (
    INSERT INTO stripe_accounts (tenant, account_id, ended_at)
    SELECT 'user:user-' || n, 'acct_' || n, now() FROM generate_series(1, 2000) AS n
)
INSERT INTO further_stripe_accounts (tenant, account_id, livemode, generation)
SELECT 'user:user-' || n, 'acct_2_' || n, false, 2 FROM generate_series(1, 2000) AS n
"""
# Nearly all messages are delivered.
_FILL_OUTBOX = """
INSERT INTO outbox (id, session_id, user_id, kind, payload, delivered_at)
SELECT 'msg_' || n, session_id, user_id, 'session.expired', '{}',
    CASE WHEN n % 100 <> 0 THEN now() END
FROM (SELECT *, row_number() OVER () AS n FROM wizard_sessions) AS numbered
"""
_FILL_ERASURES = """
INSERT INTO erasures (session_id, tenant_hash, actor_hash)
SELECT gen_random_uuid(), encode(sha256(n::text::bytea), 'hex'), repeat('0', 64)
FROM generate_series(1, 2000) AS n
"""

TENANT = "'user:user-7'"

HOT = [
    ("wizard_api", "session_get", f"{TENANT}, {A_UUID}", "wizard_sessions_pkey"),
    ("wizard_api", "session_list", f"{TENANT}, NULL, NULL, 21", "wizard_sessions_by_tenant"),
    ("wizard_api", "session_list", f"{TENANT}, now(), {A_UUID}, 21", "wizard_sessions_by_tenant"),
    (
        "wizard_api",
        "session_list_by_status",
        f"{TENANT}, NULL, NULL, 21, 'abandoned'",
        "wizard_sessions_by_tenant_and_status",
    ),
    ("wizard_api", "session_summaries", f"{TENANT}, NULL, NULL, 21", "wizard_sessions_by_tenant"),
    (
        "wizard_api",
        "session_summaries_by_status",
        f"{TENANT}, NULL, NULL, 21, 'abandoned'",
        "wizard_sessions_by_tenant_and_status",
    ),
    (
        "wizard_api",
        "session_count_open",
        f"{TENANT}, 1000",
        "wizard_sessions_by_tenant_and_status",
    ),
    ("wizard_api", "session_actions", f"{TENANT}, {A_UUID}, 9, 0, 21", "wizard_actions_pkey"),
    (
        "wizard_api",
        "session_actions",
        f"{TENANT}, {A_UUID}, 9, 0, 21",
        "further_wizard_actions_pkey",
    ),
    (
        "wizard_api",
        "session_action_summaries",
        f"{TENANT}, {A_UUID}, 9, 0, 21",
        "wizard_actions_pkey",
    ),
    (
        "wizard_api",
        "session_sections_at",
        f"{TENANT}, {A_UUID}, 2, ARRAY['event', 'venue']",
        "wizard_actions_pkey",
    ),
    ("wizard_api", "erasure_of_tenant", f"{TENANT}, {A_UUID}", "erasures_pkey"),
    ("wizard_api", "event_get", f"{TENANT}, {A_UUID}", "events_pkey"),
    ("wizard_api", "event_list", f"{TENANT}, NULL, NULL, 21", "events_published_by_tenant"),
    ("wizard_api", "event_summaries", f"{TENANT}, NULL, NULL, 21", "events_published_by_tenant"),
    ("wizard_worker", "session_of_any_tenant", A_UUID, "wizard_sessions_pkey"),
    ("wizard_worker", "event_of_session", A_UUID, "events_session_id_key"),
    ("wizard_worker", "slug_owners", "ARRAY['show-1', 'show-1-2']", "events_slug_key"),
    (
        "wizard_worker",
        "session_open_page",
        f"172800, 600, '2030-03-09', {A_UUID}, 100",
        "wizard_sessions_to_expire",
    ),
    ("wizard_worker", "session_milestones", f"ARRAY[{A_UUID}]::uuid[]", "wizard_sessions_pkey"),
    ("wizard_worker", "inbox_get", "'evt_7'", "stripe_events_pkey"),
    ("wizard_worker", "inbox_stranded", "60, 500", "stripe_events_to_process"),
    ("wizard_worker", "outbox_pending", "'msg_7'", "outbox_pkey"),
    ("wizard_worker", "outbox_claim", "500", "outbox_to_deliver"),
    ("wizard_worker", "account_of_tenant", f"{TENANT}, false", "stripe_accounts_pkey"),
    (
        "wizard_worker",
        "account_of_tenant",
        f"{TENANT}, false",
        "further_stripe_accounts_by_tenant",
    ),
    ("wizard_worker", "account_get", "'acct_2_7'", "further_stripe_accounts_pkey"),
    (
        "wizard_worker",
        "open_sessions_of_account",
        f"'acct_7', {A_UUID}, 100",
        "stripe_accounts_account_id_key",
    ),
    (
        "wizard_worker",
        "open_sessions_of_account",
        f"'acct_2_7', {A_UUID}, 100",
        "further_stripe_accounts_pkey",
    ),
    (
        "wizard_worker",
        "open_sessions_of_account",
        f"'acct_7', {A_UUID}, 100",
        "wizard_sessions_by_tenant_and_status",
    ),
]


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_hot_queries_use_their_index(populated: Connection, mode: str) -> None:
    """No plan reads a whole table or sorts a whole tenant."""
    lists = {
        "session_list",
        "session_list_by_status",
        "session_summaries",
        "session_summaries_by_status",
        "event_list",
        "event_summaries",
    }
    for role, name, arguments, index in HOT:
        nodes = list(await plan(populated, mode, role, name, arguments))

        assert index in {node.get("Index Name") for node in nodes}, (name, nodes)
        forbidden = {"Seq Scan", "Sort"} if name in lists else {"Seq Scan"}
        assert not forbidden & {node["Node Type"] for node in nodes}, (name, nodes)


@pytest.mark.parametrize(
    ("statement", "indexes"),
    [
        (
            "SELECT session_id FROM wizard_sessions WHERE stripe_account_id = 'acct_7'",
            {"wizard_sessions_by_account"},
        ),
        (
            "SELECT session_id FROM wizard_actions WHERE idempotency_key = 'key-7'",
            {"wizard_actions_by_key", "further_wizard_actions_by_key"},
        ),
        ("SELECT id FROM events WHERE stripe_account_id = 'acct_7'", {"events_by_account"}),
    ],
)
async def test_operators_find_accounts_and_requests_by_index(
    populated: Connection, statement: str, indexes: set[str]
) -> None:
    explained = await populated.fetchval(f"EXPLAIN (FORMAT JSON) {statement}")

    nodes = list(nodes_of(json.loads(explained)[0]["Plan"]))
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == indexes
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}


async def test_the_public_page_finds_its_event_by_index(populated: Connection) -> None:
    """EXPLAIN does not look into a security-definer function, so its statement is explained."""
    body = await populated.fetchval(
        "SELECT prosrc FROM pg_proc WHERE proname = 'wizard_public_event'"
    )
    statement = body.replace("wanted_slug", "'show-7'")

    explained = await populated.fetchval(f"EXPLAIN (FORMAT JSON) {statement}")

    indexes = {node.get("Index Name") for node in nodes_of(json.loads(explained)[0]["Plan"])}
    assert indexes == {"events_slug_key"}


async def plan(
    connection: Connection, mode: str, role: str, name: str, arguments: str
) -> Iterator[dict[str, Any]]:
    """The nodes of a statement's plan for this role."""
    async with connection.transaction():
        await connection.execute(f"SET LOCAL plan_cache_mode = {mode}")
        await connection.execute(f"SET LOCAL ROLE {role}")
        await connection.execute(
            "SELECT set_config('request.jwt.claims', $1, true)", '{"sub": "user-7"}'
        )
        await connection.execute(f"PREPARE hot AS {sql(name)}")
        explained = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE hot ({arguments})")
        await connection.execute("DEALLOCATE hot")
    return nodes_of(json.loads(explained)[0]["Plan"])


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from nodes_of(child)
