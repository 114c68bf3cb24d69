"""Strikes the runs of workflows with the faults of their schedules, in the workers' process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, NoReturn

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.errors import PaymentsRefused
from tests.explore.schedules import Fault, Schedule
from tests.explore.steps import Place, Trail

Attempt = Callable[[], Awaitable[Any]]

_AT_ONCE: Final = timedelta(milliseconds=1)
"""Pauses between attempts are of no interest here."""

_LONG: Final = timedelta(hours=1)


class Run:
    """One run of a workflow: its schedule, the steps that it takes, and the faults that struck."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.trail = Trail()
        self.struck: set[Place] = set()
        self._silent: dict[tuple[str, int], asyncio.Event] = {}

    async def execute(self, attempt: Attempt) -> Any:
        info = activity.info()
        place = self.trail.add(
            info.activity_type,
            f"{info.workflow_run_id}-{info.is_local}-{info.activity_id}",
            info.task_queue,
        )
        self._end_silence((place.activity, place.call))
        fault = self.schedule.fault_at(place)
        if fault is None:
            return await attempt()
        self.struck.add(place)
        return await self._strike(fault, place, attempt)

    async def _strike(self, fault: Fault, place: Place, attempt: Attempt) -> Any:
        match fault:
            case Fault.FAILS:
                _fail(_AT_ONCE)
            case Fault.AWAY:
                _fail(_LONG)
            case Fault.REFUSED:
                raise ApplicationError("Declined.", type=PaymentsRefused.code, non_retryable=True)
            case Fault.TWICE:
                return await _twice(attempt)
        result = await attempt()
        match fault:
            case Fault.LOST:
                _fail(_AT_ONCE)
            case Fault.LOST_AWAY:
                _fail(_LONG)
            case Fault.TIMES_OUT | Fault.KILLED:
                await self._be_silent((place.activity, place.call))
        return result

    async def _be_silent(self, call: tuple[str, int]) -> None:
        """Until the next attempt of the call begins: the worker needs its slot."""
        self._silent[call] = asyncio.Event()
        await self._silent[call].wait()

    def _end_silence(self, call: tuple[str, int]) -> None:
        if call in self._silent:
            self._silent.pop(call).set()

    def end(self) -> None:
        """Ends the attempts that are still silent. Their reports are too late."""
        for call in list(self._silent):
            self._end_silence(call)


class Director(Interceptor):
    """Knows the runs that are struck, by the ids of their workflows."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    @contextmanager
    def directing(self, workflow_id: str, schedule: Schedule) -> Iterator[Run]:
        """Strikes the workflow while the context is open."""
        run = self._runs[workflow_id] = Run(schedule)
        try:
            yield run
        finally:
            del self._runs[workflow_id]
            run.end()

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _DirectedActivities(next, self._runs)


class _DirectedActivities(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, runs: dict[str, Run]) -> None:
        super().__init__(following)
        self._runs = runs

    async def execute_activity(
        self,
        input: ExecuteActivityInput,  # noqa: A002 - the SDK's name
    ) -> Any:
        execute = super().execute_activity
        run = self._runs.get(activity.info().workflow_id or "")
        return await (run.execute(lambda: execute(input)) if run else execute(input))


def _fail(pause: timedelta) -> NoReturn:
    raise ApplicationError("Struck.", type="struck", next_retry_delay=pause)


async def _twice(attempt: Attempt) -> Any:
    """The result of one that succeeds, if any does."""
    results = await asyncio.gather(attempt(), attempt(), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    if len(failures) == len(results):
        raise failures[0]
    return next(result for result in results if not isinstance(result, BaseException))
