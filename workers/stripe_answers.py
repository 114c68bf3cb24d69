"""Reports Stripe's last answer, so that a wrong API key is noticed before anyone sells a ticket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from db.errors import DatabaseUnavailable
from db.stripe_answers import StripeAnswers
from domain.values.payments import StripeAnswer
from observability.worker_metrics import StripeGauge
from payments.adapter import StripeAdapter
from payments.errors import PaymentsError

PERIOD: Final = 5.0
"""Seconds between two looks at the last answer."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def reporting_stripe(
    adapter: StripeAdapter | None, answers: StripeAnswers, gauge: StripeGauge | None
) -> AsyncIterator[None]:
    """Keeps the last answer in Postgres and in a gauge, until the context ends.

    At first and while the last answer is not "ok", it asks Stripe itself: the error clears without
    any other request.

    Args:
        adapter: None without an API key.
        gauge: None without a metrics endpoint.
    """
    task = asyncio.create_task(_report(adapter, answers, gauge), name="reporting stripe")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _report(
    adapter: StripeAdapter | None, answers: StripeAnswers, gauge: StripeGauge | None
) -> None:
    reported: StripeAnswer | None = None
    while True:
        answer = await _last_answer(adapter)
        if gauge is not None:
            gauge.answered(answer)
        if answer is not reported:
            try:
                await answers.put(answer)
            except DatabaseUnavailable as error:
                _log.warning("Stripe's answer is not stored", reason=str(error))
            else:
                reported = answer
                _log_answer(answer)
        await asyncio.sleep(PERIOD)


async def _last_answer(adapter: StripeAdapter | None) -> StripeAnswer:
    if adapter is None:
        return StripeAnswer.NOT_CONFIGURED
    if adapter.last_answer is not StripeAnswer.OK:
        with suppress(PaymentsError):
            await adapter.ask()
    return adapter.last_answer or StripeAnswer.UNAVAILABLE


def _log_answer(answer: StripeAnswer) -> None:
    match answer:
        case StripeAnswer.UNAUTHORIZED:
            _log.error("manual intervention required", reason="Stripe refuses STRIPE_API_KEY")
        case StripeAnswer.UNAVAILABLE:
            _log.warning("Stripe is unavailable")
        case _:
            _log.info("Stripe's answer", answer=answer.value)
