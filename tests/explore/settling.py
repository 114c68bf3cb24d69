"""Waits until a workflow has nothing to do, and skips its pauses."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx
from temporalio.api.enums.v1 import EventType, PendingActivityState
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from tests.support.waiting import Found, eventually

LONGEST_RUN_SECONDS: Final = 240.0
"""Real seconds, after which a run counts as stuck. A busy machine is many times slower than an idle
one."""

_TIMEOUTS: Final = frozenset({RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED})

_FIRST_POLL_SECONDS: Final = 0.1
_LONGEST_POLL_SECONDS: Final = 1.0
_GROWTH: Final = 1.3
"""Many schedules wait at the same time, most of them for a time-out."""

_SHORT_PAUSE: Final = timedelta(seconds=2)
"""Shorter pauses pass by themselves."""

_IDLE_PAUSE: Final = timedelta(minutes=1)
_MOST_IDLE_PAUSES: Final = 10
"""Pauses without any activity after which a run counts as stuck."""


async def settle_run(
    temporal: WorkflowEnvironment,
    handle: WorkflowHandle[Any, Any],
    is_over: Callable[[], Awaitable[bool]],
    is_erased: Callable[[], bool] = lambda: False,
) -> bool:
    """Waits until the workflow is closed, or idle when ``is_over``, or gone when ``is_erased``.
    Returns whether it was in time."""
    deadline = time.monotonic() + LONGEST_RUN_SECONDS
    idle_pauses, poll = 0, _FIRST_POLL_SECONDS
    while time.monotonic() < deadline:
        await asyncio.sleep(poll)
        poll = min(poll * _GROWTH, _LONGEST_POLL_SECONDS)
        described = await _description_of(handle)
        if _is_closed(described, is_erased=is_erased()):
            return True
        if described is None:
            continue
        pause = _pause_of(described)
        if pause > _SHORT_PAUSE:
            await _skip(temporal, handle, pause)
        elif not described.pending_activities and not described.HasField("pending_workflow_task"):
            if await is_over():
                return True
            if idle_pauses == _MOST_IDLE_PAUSES:
                return False
            idle_pauses += 1
            await _skip(temporal, handle, _IDLE_PAUSE)
    return False


async def _skip(
    temporal: WorkflowEnvironment, handle: WorkflowHandle[Any, Any], pause: timedelta
) -> None:
    with suppress(RuntimeError):  # a message skips time as well
        await temporal.fast_forward(handle, pause)


async def _description_of(
    handle: WorkflowHandle[Any, Any],
) -> DescribeWorkflowExecutionResponse | None:
    """None if the workflow has not started yet, or is erased."""
    try:
        return (await handle.describe()).raw_description
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None


def _is_closed(described: DescribeWorkflowExecutionResponse | None, *, is_erased: bool) -> bool:
    if described is None:
        return is_erased
    return described.workflow_execution_info.HasField("close_time")


def _pause_of(described: DescribeWorkflowExecutionResponse) -> timedelta:
    """How long all activities that are pending wait for their next attempts; zero if one runs."""
    extended = described.workflow_extended_info
    now = datetime.now(UTC)
    if extended.HasField("time_skipping_info"):
        now = extended.time_skipping_info.current_time.ToDatetime(UTC)
    pauses = [_pause_before(pending, now) for pending in described.pending_activities]
    return min(pauses, default=timedelta())


def _pause_before(pending: PendingActivityInfo, now: datetime) -> timedelta:
    is_waiting = pending.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    if not is_waiting or not pending.HasField("next_attempt_schedule_time"):
        return timedelta()
    due = pending.next_attempt_schedule_time.ToDatetime(UTC)
    return max(due - now + timedelta(seconds=1), timedelta())


async def answered(send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The first answer that does not ask to repeat the request: on a busy machine, many do."""

    async def answer() -> httpx.Response | None:
        response = await send()
        return None if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE else response

    return await eventually(answer, within=LONGEST_RUN_SECONDS, what="an answer")


async def queried(query: Callable[[], Awaitable[Found]]) -> Found:
    """The first result that comes in time: on a busy machine, a query may time out."""

    async def result() -> Found | None:
        try:
            return await query()
        except RPCError as error:
            if error.status not in _TIMEOUTS:
                raise
            return None

    return await eventually(result, within=LONGEST_RUN_SECONDS, what="the result of a query")


async def history_of(handle: WorkflowHandle[Any, Any]) -> Sequence[str]:
    """The types of the workflow's events, with the activities and signals that they name."""
    try:
        history = await handle.fetch_history()
    except RPCError as error:
        return [f"no history: {error}"]
    lines = []
    for event in history.events:
        kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
        name = event.activity_task_scheduled_event_attributes.activity_type.name
        signal = event.workflow_execution_signaled_event_attributes.signal_name
        lines.append(f"{event.event_id} {kind} {name}{signal}".rstrip())
    return lines
