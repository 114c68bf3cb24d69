"""Samples totals of the database into gauges, in the background."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from db.errors import DatabaseUnavailable
from db.gauges import GaugeReads
from domain.orders.order import OrderState
from domain.session.view import Status
from domain.stages import STAGES
from observability.worker_metrics import SampledGauges

PERIOD: Final = 30.0
"""Seconds between two samples; a scrape returns the latest."""

_JITTER: Final = 0.2
"""As a share of the period, so that workers that started together query at different times."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def sampling(
    reads: GaugeReads, gauges: SampledGauges, *, period: float = PERIOD
) -> AsyncIterator[None]:
    """Samples until the context ends."""
    task = asyncio.create_task(_sample_periodically(reads, gauges, period), name="sampling")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _sample_periodically(reads: GaugeReads, gauges: SampledGauges, period: float) -> None:
    while True:
        try:
            await sample(reads, gauges)
        except DatabaseUnavailable as error:
            _log.warning("metrics not sampled", reason=str(error))
        await asyncio.sleep(period * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311 - no secret


async def sample(reads: GaugeReads, gauges: SampledGauges) -> None:
    """Sets all gauges.

    Raises:
        DatabaseUnavailable: the gauges keep their values.
    """
    counts = await reads.sessions()
    for stage in STAGES:
        for status in Status:  # including zero, because a gauge that is not set keeps its value
            gauges.sessions(counts.get((stage, status), 0), stage=stage, status=status)
    gauges.inbox_age(await reads.inbox_age_seconds())
    await _sample_orders(reads, gauges)


async def _sample_orders(reads: GaugeReads, gauges: SampledGauges) -> None:
    orders = await reads.orders()
    for state in OrderState:
        gauges.orders(orders.get(state, 0), state=state)
    gauges.tickets_held(await reads.tickets_held())
    gauges.order_overdue(await reads.order_overdue_seconds())
