"""The rows of the read model, to compare and to delete."""

import json
from typing import Any, Final

from tests.support.postgres import Database, as_owner

_TABLES: Final = {
    "wizard_sessions": "SELECT to_jsonb(t) FROM wizard_sessions AS t ORDER BY session_id",
    # Assigned by the database to new rows, or measured by the API; not part of the session.
    "wizard_actions": (
        "SELECT to_jsonb(t) - 'id' - 'execution_time_ms' FROM wizard_actions AS t "
        "ORDER BY session_id, revision, part"
    ),
    # Sessions do not record each fetch of their account, so its status may be an earlier one.
    "stripe_accounts": (
        "SELECT to_jsonb(t) - 'created_at' - 'payments' FROM stripe_accounts AS t "
        "ORDER BY tenant, livemode, generation"
    ),
    "ticket_orders": "SELECT to_jsonb(t) FROM ticket_orders AS t ORDER BY id",
    "event_inventory": "SELECT to_jsonb(t) FROM event_inventory AS t ORDER BY event_id, tier_id",
    "events": "SELECT to_jsonb(t) - 'created_at' FROM events AS t ORDER BY id",
}


async def rows_of(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Rows by table."""
    async with as_owner(database) as connection:
        return {
            table: [json.loads(row[0]) for row in await connection.fetch(query)]
            for table, query in _TABLES.items()
        }


async def lose(database: Database) -> None:
    async with as_owner(database) as connection:
        await connection.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
