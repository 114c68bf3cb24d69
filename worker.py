"""The worker process: polls Temporal for the tasks of sessions and orders.

    python worker.py

Composition root: settings → database pool, Stripe and Temporal clients → one worker for each task
queue (``workers/``), until SIGTERM.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

import structlog
import uvloop
from temporalio.client import Client
from temporalio.worker import Interceptor

from db.errors import WrongRole
from db.gauges import GaugeReads
from db.pool import Pool, connect_when_ready
from db.roles import WORKER
from db.stripe_answers import StripeAnswers
from domain import ids
from observability import logs
from observability.process import (
    collect_garbage_rarely,
    end_on_signal,
    end_process,
    end_with_reason,
    touching_file,
)
from observability.sampling import sampling
from observability.telemetry import Telemetry
from observability.worker_metrics import SampledGauges, StripeGauge
from settings import WorkerSettings, load
from temporal import client as temporal_client
from temporal.schedules import make_outbox_schedule
from workers.options import WorkerOptions
from workers.orders import build_order_stripe_worker, build_order_worker
from workers.outgoing import build_notification_worker, build_stripe_worker
from workers.sessions import build_session_worker
from workers.stripe_answers import reporting_stripe

__all__ = ["WorkerOptions", "main", "run", "running_workers"]


def main() -> None:
    settings = load(WorkerSettings)
    telemetry = Telemetry.start_or_end(
        settings.metrics_address,
        settings.otel_exporter_otlp_endpoint,
        service="event-wizard-worker",
    )
    logs.configure(settings.log_level, settings.log_format, telemetry.log_processors)
    end_on_signal()
    collect_garbage_rarely()
    try:
        uvloop.run(run(settings, telemetry))
    except WrongRole as error:
        end_with_reason(error)
    telemetry.stop()
    end_process()


async def run(
    settings: WorkerSettings,
    telemetry: Telemetry | None = None,
    *,
    interceptors: Sequence[Interceptor] = (),
) -> None:
    """Runs until SIGTERM or SIGINT, and then finishes running tasks."""
    log = structlog.get_logger("worker")
    telemetry = telemetry or Telemetry()
    options = WorkerOptions.from_settings(settings, interceptors=interceptors)
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(), WORKER, application_name="event-wizard-worker"
    )
    try:
        client = await temporal_client.connect_when_ready(
            settings.key_ring, runtime=telemetry.runtime, plugins=telemetry.plugins
        )
        await temporal_client.wait_for_search_attributes(client)
        if options.notifying is not None:
            await make_outbox_schedule(client)
        stop_requested = _stop_event()
        async with (
            running_workers(client, pool, options),
            _sampling(pool, telemetry),
            reporting_stripe(
                options.stripe,
                StripeAnswers(pool),
                StripeGauge(telemetry.meter) if telemetry.meter else None,
            ),
            touching_file(settings.worker_ready_file),
        ):
            log.info(
                "worker is ready",
                task_queue=ids.TASK_QUEUE,
                build_id=options.build_id or None,
            )
            await stop_requested.wait()
            log.info("worker is stopping")
    finally:
        await pool.close()
        await options.close()


@asynccontextmanager
async def running_workers(
    client: Client, pool: Pool, options: WorkerOptions
) -> AsyncIterator[None]:
    """Runs one worker per task queue: sessions, orders, Stripe for each of them and, if owners are
    notified, deliveries."""
    async with (
        build_session_worker(client, pool, options),
        build_stripe_worker(client, pool, options),
        build_order_worker(client, pool, options),
        build_order_stripe_worker(client, options),
        nullcontext()
        if options.notifying is None
        else build_notification_worker(client, pool, options.notifying, options),
    ):
        yield


def _stop_event() -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets, instead of ending the process at once."""
    event = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, event.set)
    return event


def _sampling(pool: Pool, telemetry: Telemetry) -> AbstractAsyncContextManager[None]:
    """Samples nothing if the process has no metrics endpoint."""
    if telemetry.meter is None:
        return nullcontext()
    return sampling(GaugeReads(pool), SampledGauges(telemetry.meter))


if __name__ == "__main__":
    main()
