"""Rebuilds the read model from Temporal: sessions, their audit trail, published events, the Stripe
account of each tenant, the sales switches of events, and orders of tickets with the inventory.

    python -m rebuild

Covers all open sessions, and closed ones whose histories Temporal still has. It writes through the
worker's own repositories, which never replace newer data. So it can run while the system is live,
and can be interrupted and repeated.

Composition root: settings → database pool and Temporal client → repositories.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn
from temporalio.client import Client
from temporalio.service import RPCError

from db.accounts import StripeAccounts
from db.errors import DatabaseUnavailable, NotReserved, WrongRole
from db.pool import Pool, connect_when_ready
from db.projection import DurableProjection
from db.publications import Publications
from db.roles import REBUILD
from domain.actors import tenant
from domain.errors import SlugTaken
from observability import logs
from observability.process import end_process
from rebuild import histories
from rebuild.orders import OrderRebuild
from rebuild.sales import SalesRebuild
from settings import WorkerSettings, load
from temporal import client as temporal_client
from temporal.encryption.keys import PayloadUnreadable

CONCURRENT_HISTORIES: Final = 8
"""Enough to use one server well, and to leave capacity for the live system."""

RUNS_PER_LOG_LINE: Final = 1000
"""Used without a terminal, because rich then prints the progress bar only at the end."""

_log = structlog.get_logger("rebuild")


@dataclass
class RebuildResult:
    """``failed`` has a reason for each workflow id that could not be restored. A reason never
    quotes entered data."""

    runs: int = 0
    orders: int = 0
    failed: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.runs} runs of sessions were restored",
                f"{self.orders} orders were restored",
                *(
                    f"not restored: {workflow_id}: {reason}"
                    for workflow_id, reason in self.failed.items()
                ),
            ]
        )


class Rebuild:
    def __init__(self, client: Client, pool: Pool) -> None:
        self._client = client
        self._projection = DurableProjection(pool)
        self._publications = Publications(pool)
        self._accounts = StripeAccounts(pool, livemode=False)
        self._orders = OrderRebuild(client, pool)
        self._sales = SalesRebuild(client, pool)
        self._result = RebuildResult()

    async def run(self) -> RebuildResult:
        """Restores all runs of sessions, then the sales switches and the orders.

        Raises:
            DatabaseUnavailable, RPCError: Postgres or Temporal is unavailable. Restored runs are
                kept.
        """
        with _progress(await histories.count_runs(self._client)) as advance:
            free_slots = asyncio.Semaphore(CONCURRENT_HISTORIES)

            async def restore(run: histories.Run) -> None:
                try:
                    await self._restore(run)
                finally:
                    free_slots.release()
                    advance()

            try:
                async with asyncio.TaskGroup() as tasks:
                    async for run in histories.list_runs(self._client):
                        await free_slots.acquire()
                        tasks.create_task(restore(run))
            except ExceptionGroup as failures:
                raise failures.exceptions[0] from failures
        await self._restore_orders()
        return self._result

    async def _restore_orders(self) -> None:
        """After the events that they belong to."""
        await self._sales.run()
        await self._orders.run()
        self._result.orders = self._orders.restored
        self._result.failed |= self._sales.failed | self._orders.failed

    async def _restore(self, run: histories.Run) -> None:
        try:
            recorded = await histories.read_run(self._client, run)
            if recorded is not None:
                await self._write(recorded)
        except (PayloadUnreadable, SlugTaken) as error:
            self._result.failed[run.workflow_id] = str(error)
        except ValueError as error:  # its message may quote entered data
            self._result.failed[run.workflow_id] = type(error).__name__
        else:
            self._result.runs += 1

    async def _write(self, recorded: histories.RecordedRun) -> None:
        view = recorded.projected.view
        await self._projection.write([recorded.projected])
        await self._accounts.restore(tenant(view.user_id, view.organization_id), view.payments)
        if recorded.published is not None:
            await self._write_event(recorded.published)

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
            return  # the session was erased, so the database ignores all of its data


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """Shows progress on standard error. Yields a function to call after each run."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, MofNCompleteColumn(), console=console) as bar:
        task = bar.add_task("Sessions", total=total)
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            # Sessions that start during the rebuild increase the total.
            bar.update(task, completed=done, total=max(total, done))
            if not console.is_terminal and done % RUNS_PER_LOG_LINE == 0:
                _log.info("rebuilding the read model", runs=done, total=total)

        yield advance


async def run(settings: WorkerSettings) -> RebuildResult:
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(), REBUILD, application_name="event-wizard-rebuild"
    )
    try:
        client = await temporal_client.connect_when_ready(settings.key_ring)
        return await Rebuild(client, pool).run()
    finally:
        await pool.close()


def main() -> None:
    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format)
    try:
        result = asyncio.run(run(settings))
    except WrongRole as error:
        sys.exit(str(error))
    except (DatabaseUnavailable, RPCError) as error:
        sys.exit(f"interrupted: {error}. Run it again: what was written is kept.")
    sys.stdout.write(f"{result}\n")
    end_process(1 if result.failed else 0)
