"""Brings the read model back from Temporal: sessions, their audit trail, published events, and
which account of Stripe each tenant has.

    python -m rebuild

For all sessions that are open, and those that are closed and still kept by Temporal. It goes by
the worker's own writers, which never replace what is newer: so it may run while the system is
live, be interrupted, and be run again.

Composition root: settings → database pool and Temporal client → the worker's own writers.
"""

import asyncio
import sys
from dataclasses import dataclass, field
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError

from db.accounts import StripeAccounts
from db.errors import DatabaseUnavailable, NotReserved
from db.pool import Pool, connect_when_ready
from db.projection import DurableProjection
from db.publications import Publications
from domain.actors import tenant
from domain.errors import SlugTaken
from observability import logs
from observability.process import end_process
from observability.progress import Progress
from rebuild import histories
from settings import WorkerSettings, load
from temporal import client as temporal_client
from temporal.encryption.keys import PayloadUnreadable

AT_ONCE: Final = 8
"""Histories that are read at the same time: enough to keep one server busy, and leave it room."""


@dataclass
class RebuildResult:
    """``failed`` has a reason for each workflow that could not be brought back, without any of
    what people typed."""

    runs: int = 0
    failed: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.runs} runs of sessions are in the read model again",
                *(f"not brought back: {each}: {why}" for each, why in self.failed.items()),
            ]
        )


class Rebuild:
    def __init__(self, client: Client, pool: Pool) -> None:
        self._client = client
        self._projection = DurableProjection(pool)
        self._publications = Publications(pool)
        self._accounts = StripeAccounts(pool)
        self._outcome = RebuildResult()

    async def run(self) -> RebuildResult:
        """
        Raises:
            DatabaseUnavailable, RPCError: Postgres or Temporal is away. What was written stays.
        """
        progress = Progress("Sessions", await histories.count_runs(self._client))
        places = asyncio.Semaphore(AT_ONCE)

        async def bring_back(run: histories.Run) -> None:
            try:
                await self._bring_back(run)
            finally:
                places.release()
                progress.advance()

        try:
            async with asyncio.TaskGroup() as tasks:
                async for run in histories.list_runs(self._client):
                    await places.acquire()
                    tasks.create_task(bring_back(run))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures
        progress.finish()
        return self._outcome

    async def _bring_back(self, run: histories.Run) -> None:
        try:
            told = await histories.read_run(self._client, run)
            if told is not None:
                await self._write(told)
        except (PayloadUnreadable, SlugTaken) as error:
            self._outcome.failed[run.workflow_id] = str(error)
        except ValueError as error:  # its message may show what was typed
            self._outcome.failed[run.workflow_id] = type(error).__name__
        else:
            self._outcome.runs += 1

    async def _write(self, told: histories.Told) -> None:
        view = told.projected.view
        await self._projection.write([told.projected])
        if view.payments.account_id is not None:
            owner = tenant(view.user_id, view.organization_id)
            await self._accounts.keep(owner, view.payments.account_id)
        if told.published is not None:
            await self._write_event(told.published)

    async def _write_event(self, published: histories.PublishedEvent) -> None:
        try:
            await self._publications.reserve(published.event)
            await self._publications.publish(
                published.event.session_id,
                at=published.at,
                ticket_tiers=published.ticket_tiers,
                projected=published.projected,
            )
        except NotReserved:
            return  # erased: the database lets nothing of it in


async def run(settings: WorkerSettings) -> RebuildResult:
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(), application_name="event-wizard-rebuild"
    )
    try:
        return await Rebuild(
            await temporal_client.connect_when_ready(settings.key_ring), pool
        ).run()
    finally:
        await pool.close()


def main() -> None:
    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format)
    try:
        outcome = asyncio.run(run(settings))
    except (DatabaseUnavailable, RPCError) as away:
        sys.exit(f"interrupted, run it again: {away}")
    sys.stdout.write(f"{outcome}\n")
    end_process(1 if outcome.failed else 0)
