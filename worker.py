"""The worker: takes the tasks of every session from Temporal.

    python worker.py

Composition root: settings → database pool and Temporal client → activities → worker.
"""

import asyncio
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from temporalio.client import Client
from temporalio.worker import Interceptor, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.events import EventActivities
from activities.sessions import SessionActivities
from db.pool import Pool, connect_when_ready
from db.projection import DurableProjection
from db.publications import Publications
from domain import ids
from observability import logs
from settings import WorkerSettings, load
from workflows import connection
from workflows.wizard_session import WizardSession

# Pure modules, safe to share between the sandboxes of all sessions: importing them anew for each
# costs most of the memory of a cached session.
PURE_MODULES: Final = (
    "domain",
    "activities",
    "pydantic",
    "pydantic_core",
    "email_validator",  # with idna: pydantic imports them when the first address is validated
    "idna",
)

GRACE: Final = timedelta(seconds=10)
POLLERS: Final = 5

STICKY_TIMEOUT: Final = timedelta(seconds=2)
"""After a worker died, the next message to its sessions waits for so long."""


def build_worker(
    client: Client,
    pool: Pool,
    *,
    max_cached_workflows: int = 1000,
    interceptors: Sequence[Interceptor] = (),
) -> Worker:
    sessions = SessionActivities(DurableProjection(pool))
    events = EventActivities(Publications(pool))
    return Worker(
        client,
        task_queue=ids.TASK_QUEUE,
        workflows=[WizardSession],
        activities=[
            sessions.project_session,
            events.gather_publish_facts,
            events.reserve_event,
            events.publish_event,
            events.release_event,
        ],
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*PURE_MODULES)
        ),
        interceptors=interceptors,
        max_cached_workflows=max_cached_workflows,
        max_concurrent_workflow_task_polls=POLLERS,
        max_concurrent_activity_task_polls=POLLERS,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACE,
    )


async def run(settings: WorkerSettings, *, interceptors: Sequence[Interceptor] = ()) -> None:
    """Until the process is told to stop; tasks that run are finished first."""
    log = structlog.get_logger("worker")
    stopping = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(), application_name="event-wizard-worker"
    )
    try:
        client = await connection.connect_when_ready()
        worker = build_worker(
            client,
            pool,
            max_cached_workflows=settings.worker_max_cached_workflows,
            interceptors=interceptors,
        )
        async with worker:
            log.info("worker is ready", task_queue=ids.TASK_QUEUE)
            if settings.worker_ready_file is not None:
                await asyncio.to_thread(Path(settings.worker_ready_file).touch)
            await stopping.wait()
            log.info("worker is stopping")
    finally:
        await pool.close()


def main() -> None:
    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
