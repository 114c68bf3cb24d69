"""Gauges of what the database knows, sampled in the background."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog

from db.errors import DatabaseUnavailable
from domain.session.view import Status
from domain.stages import STAGES
from observability.worker_metrics import SampledGauges

if TYPE_CHECKING:
    from db.samples import Samples

PERIOD: Final = 30.0
"""Seconds. A scrape in between sees the last sample."""

_JITTER: Final = 0.2
"""Of the period, so that workers which start together do not ask together for ever."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def sampling(
    samples: "Samples", gauges: SampledGauges, *, period: float = PERIOD
) -> AsyncIterator[None]:
    task = asyncio.create_task(_sample_for_ever(samples, gauges, period), name="sampling")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _sample_for_ever(samples: "Samples", gauges: SampledGauges, period: float) -> None:
    while True:
        try:
            await sample(samples, gauges)
        except DatabaseUnavailable as error:
            _log.warning("metrics were not sampled", reason=str(error))
        await asyncio.sleep(period * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311 - no secret


async def sample(samples: "Samples", gauges: SampledGauges) -> None:
    """Raises DatabaseUnavailable; the gauges stay as they were then."""
    counted = await samples.sessions()
    for stage in STAGES:
        for status in Status:  # also the empty ones: a gauge that is not set keeps its value
            gauges.sessions(counted.get((stage, status), 0), stage=stage, status=status)
    gauges.inbox_age(await samples.inbox_age_seconds())
