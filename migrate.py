"""Brings Postgres and Temporal to what this version needs; running it again changes nothing.

python migrate.py
"""

import asyncio

import structlog
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client

from db.migrate import migrate
from observability import logs
from observability.endings import end_process
from settings import MigrationSettings, load
from workflows import connection
from workflows.schedules import ensure_schedules
from workflows.search_attributes import KEYS

log = structlog.get_logger("migrate")


async def add_search_attributes(client: Client) -> list[str]:
    """Registers those that the namespace lacks, and returns their names."""
    operator = client.operator_service
    listed = await operator.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [key for key in KEYS if key.name not in listed.custom_attributes]
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace)
        for key in missing:
            request.search_attributes[key.name] = IndexedValueType.ValueType(key.indexed_value_type)
        await operator.add_search_attributes(request)
    return sorted(key.name for key in missing)


async def run(settings: MigrationSettings) -> None:
    applied = await migrate(settings.database_migration_url.get_secret_value())
    log.info("database is up to date", applied=applied)
    client = await connection.connect_when_ready(settings.key_ring)
    added = await add_search_attributes(client)
    log.info("search attributes are up to date", added=added)
    log.info("schedules are up to date", schedules=await ensure_schedules(client))


def main() -> None:
    settings = load(MigrationSettings)
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(run(settings))
    end_process()


if __name__ == "__main__":
    main()
