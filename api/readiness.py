"""What the API needs of others: Postgres with its schema, Temporal with its namespace."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fastapi import Depends, Request
from temporalio.client import Client

from db.errors import DatabaseUnavailable, SchemaBehind
from db.pool import require_schema
from temporal import readiness
from temporal.readiness import TemporalNotReady, require_namespace, require_search_attributes

if TYPE_CHECKING:
    from db.pool import Pool

PostgresState = Literal["ok", "unreachable", "not_migrated"]
TemporalState = Literal["ok"] | readiness.State

# In seconds, for whatever the parts of an answer take: connecting has a patience of its own.
_TIMEOUT: Final = 4.0


class ReadinessChecks:
    def __init__(self, pool: "Pool", temporal: Client) -> None:
        self._pool = pool
        self._temporal = temporal
        self._has_search_attributes = False

    async def postgres(self) -> PostgresState:
        try:
            async with asyncio.timeout(_TIMEOUT):
                await require_schema(self._pool)
        except SchemaBehind:
            return "not_migrated"
        except (DatabaseUnavailable, TimeoutError):
            return "unreachable"
        return "ok"

    async def temporal(self) -> TemporalState:
        """Search attributes are looked for until they are there: what keeps them is not what
        changes of a session need, and may be away by itself."""
        try:
            async with asyncio.timeout(_TIMEOUT):
                await require_namespace(self._temporal)
                if not self._has_search_attributes:
                    await require_search_attributes(self._temporal)
        except TemporalNotReady as error:
            return error.state
        except TimeoutError:
            return "unreachable"
        self._has_search_attributes = True
        return "ok"


async def dependencies(request: Request) -> ReadinessChecks:
    built: ReadinessChecks = request.app.state.dependencies
    return built


CurrentDependencies = Annotated[ReadinessChecks, Depends(dependencies)]
