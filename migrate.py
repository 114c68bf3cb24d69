"""Migrates Postgres and sets up Temporal for this version.

    python migrate.py

Running it again changes nothing.
"""

import asyncio
import signal
from typing import Any, Final

import structlog
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from db.migrate import MigrationError, migrate_when_ready
from observability import logs
from observability.process import end_on_signal, end_process, end_with_reason
from settings import MigrationSettings, load
from temporal.client import connect_when_ready
from temporal.readiness import TemporalNotReady, require_search_attributes
from temporal.schedules import ensure_schedules
from temporal.search_attributes import KEYS

INTERRUPTED: Final = 128 + signal.SIGTERM
"""Exit code of an interrupted migration, which must not look successful."""

_REFUSALS: Final = frozenset(
    {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.NOT_FOUND}
)

log = structlog.get_logger("migrate")


class SearchAttributesRefused(Exception):
    """The Temporal cluster does not allow clients to register search attributes."""


async def add_search_attributes(client: Client) -> list[str]:
    """Registers the missing search attributes, and returns their names.

    Raises:
        SearchAttributesRefused: for example by Temporal Cloud, where the console or CLI registers
            them.
    """
    operator = client.operator_service
    try:
        listed = await operator.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
        missing = [key for key in KEYS if key.name not in listed.custom_attributes]
        if missing:
            request = AddSearchAttributesRequest(namespace=client.namespace)
            for key in missing:
                request.search_attributes[key.name] = _type_of(key)
            await operator.add_search_attributes(request)
    except RPCError as error:
        if error.status not in _REFUSALS:
            raise
        await _require_registered(client)
        return []
    return sorted(key.name for key in missing)


async def _require_registered(client: Client) -> None:
    try:
        await require_search_attributes(client)
    except TemporalNotReady as error:
        needed = ", ".join(f"{key.name} ({_name_of_type(key)})" for key in KEYS)
        raise SearchAttributesRefused(
            f"Register these search attributes in Temporal, then run migrate.py again: {needed}"
        ) from error


def _type_of(key: SearchAttributeKey[Any]) -> IndexedValueType.ValueType:
    return IndexedValueType.ValueType(key.indexed_value_type)


def _name_of_type(key: SearchAttributeKey[Any]) -> str:
    """The name of the type as Temporal's own tools write it."""
    name = IndexedValueType.Name(_type_of(key))
    return name.removeprefix("INDEXED_VALUE_TYPE_").title()


async def run(settings: MigrationSettings) -> None:
    applied = await migrate_when_ready(settings.database_migration_url.get_secret_value())
    log.info("database is up to date", applied=applied)
    client = await connect_when_ready(settings.key_ring)
    added = await add_search_attributes(client)
    log.info("search attributes are up to date", added=added)
    log.info("schedules are up to date", schedules=await ensure_schedules(client))


def main() -> None:
    settings = load(MigrationSettings)
    logs.configure(settings.log_level, settings.log_format)
    end_on_signal(INTERRUPTED)
    try:
        asyncio.run(run(settings))
    except (MigrationError, SearchAttributesRefused) as error:
        end_with_reason(error)
    end_process()


if __name__ == "__main__":
    main()
