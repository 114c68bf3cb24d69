"""Checks readiness: Postgres with its role and schema, Temporal with its search attributes. Also
knows Stripe's last answer to the workers, which readiness does not depend on."""

import asyncio
from typing import Annotated, Final, Literal

import structlog
from fastapi import Depends, Request
from temporalio.client import Client

from db.errors import DatabaseUnavailable, SchemaBehind, WrongRole
from db.pool import Pool, require_role, require_schema
from db.roles import API
from db.stripe_answers import KnownAnswer, StripeAnswers
from temporal import readiness
from temporal.readiness import TemporalNotReady, require_namespace, require_search_attributes

PostgresState = Literal["ok", "unreachable", "not_migrated", "wrong_role"]
TemporalState = Literal["ok"] | readiness.State

_log = structlog.get_logger(__name__)

_TIMEOUT: Final = 4.0
"""Seconds for one check, including the connection."""


class ReadinessChecks:
    def __init__(self, pool: Pool, temporal: Client) -> None:
        self._pool = pool
        self._temporal = temporal
        self._stripe_answers = StripeAnswers(pool)
        self._has_search_attributes = False

    async def postgres(self) -> PostgresState:
        """The role is checked each time: it may get other rights while the process runs."""
        try:
            async with asyncio.timeout(_TIMEOUT):
                await require_role(self._pool, API)
                await require_schema(self._pool)
        except WrongRole as error:
            _log.error("manual intervention required", reason=str(error))
            return "wrong_role"
        except SchemaBehind:
            return "not_migrated"
        except (DatabaseUnavailable, TimeoutError):
            return "unreachable"
        return "ok"

    async def stripe(self) -> KnownAnswer | None:
        """None if it is not known."""
        try:
            async with asyncio.timeout(_TIMEOUT):
                return await self._stripe_answers.get()
        except (DatabaseUnavailable, TimeoutError):
            return None

    async def temporal(self) -> TemporalState:
        """Checks search attributes until they are found once: after that, changes of a session do
        not need the visibility store, which may be unavailable on its own."""
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


async def readiness_checks(request: Request) -> ReadinessChecks:
    checks: ReadinessChecks = request.app.state.readiness_checks
    return checks


CurrentReadinessChecks = Annotated[ReadinessChecks, Depends(readiness_checks)]
