"""Strikes the runs of workflows with the faults of their schedules, in the workers' process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch

from temporalio import activity
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    WorkflowInstance,
    WorkflowInstanceDetails,
)
from temporalio.workflow import Info

from domain.errors import PaymentsRefused
from temporal.workflow_runner import ContextFreeRunner
from tests.explore.messages import Message, Moment
from tests.explore.schedules import Fault, Schedule, Strike
from tests.explore.steps import Place, Trail

Attempt = Callable[[], Awaitable[Any]]

Deliver = Callable[[Message], asyncio.Task[None]]
"""The task ends once the workflow has the message."""

_AT_ONCE: Final = timedelta(milliseconds=1)
"""Pauses between attempts are of no interest here."""

_LONG: Final = timedelta(hours=1)

_BEFORE_EFFECT: Final = frozenset({Fault.FAILS, Fault.AWAY, Fault.REFUSED})

_READS_OF_WORKFLOWS: Final = frozenset({"query_workflow", "remove_from_cache"})


class Evicted(Exception):
    """Fails a workflow task once."""


class Run:
    """One run of a workflow: its schedule, the steps that it takes, and the faults that struck."""

    def __init__(self, schedule: Schedule, deliver: Deliver) -> None:
        self.schedule = schedule
        self.trail = Trail()
        self.struck: set[Strike] = set()
        self._deliver = deliver
        self._silent: dict[tuple[str, int], asyncio.Event] = {}
        self._is_evicted = False

    def require_cached(self) -> None:
        """
        Raises:
            Evicted: the worker was killed since the last task. Temporal retries the task, with a
                new instance from the history.
        """
        if self._is_evicted:
            self._is_evicted = False
            raise Evicted

    async def execute(self, attempt: Attempt) -> Any:
        info = activity.info()
        place = self.trail.add(
            info.activity_type,
            f"{info.workflow_run_id}-{info.is_local}-{info.activity_id}",
            info.task_queue,
        )
        self._end_silence((place.activity, place.call))
        self.struck.update(strike for strike in self.schedule.strikes if strike.place == place)
        await self._arrive(place, Moment.START)

        async def attempt_it() -> Any:
            result = await attempt()
            await self._arrive(place, Moment.AFTER)
            await self._arrive(place, Moment.BETWEEN)
            return result

        fault = self.schedule.fault_at(place)
        return await (self._strike(fault, place, attempt_it) if fault else attempt_it())

    async def _arrive(self, place: Place, moment: Moment) -> None:
        """A workflow handles no message before its local activity has ended."""
        for arrival in self.schedule.arrives(place, moment):
            task = self._deliver(arrival.message)
            if moment is not Moment.BETWEEN and not activity.info().is_local:
                await asyncio.shield(task)

    async def _strike(self, fault: Fault, place: Place, attempt: Attempt) -> Any:
        if fault is Fault.TWICE:
            return await _twice(attempt)
        if fault in _BEFORE_EFFECT:
            raise _failure(fault)
        result = await attempt()
        if fault is Fault.TIMES_OUT:
            await self._be_silent((place.activity, place.call))
            return result
        self._is_evicted = fault is Fault.KILLED
        raise _failure(fault)

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
    def directing(self, workflow_id: str, schedule: Schedule, deliver: Deliver) -> Iterator[Run]:
        """Strikes the workflow while the context is open."""
        run = self._runs[workflow_id] = Run(schedule, deliver)
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

    @contextmanager
    def evicting(self) -> Iterator[None]:
        """While the context is open, workers forget the workflows whose worker is killed."""
        create = ContextFreeRunner.create_instance

        def create_evictable(
            runner: ContextFreeRunner, details: WorkflowInstanceDetails
        ) -> WorkflowInstance:
            return _EvictableInstance(
                create(runner, details), lambda: self._runs.get(details.info.workflow_id)
            )

        with patch.object(ContextFreeRunner, "create_instance", create_evictable):
            yield


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


class _EvictableInstance(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance, run: Callable[[], Run | None]) -> None:
        self._instance = instance
        self._run = run

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        run = self._run()
        if run is not None and not _only_reads(act):
            run.require_cached()
        return self._instance.activate(act)

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Info:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


def _only_reads(activation: WorkflowActivation) -> bool:
    return all(job.WhichOneof("variant") in _READS_OF_WORKFLOWS for job in activation.jobs)


def _failure(fault: Fault) -> ApplicationError:
    if fault is Fault.REFUSED:
        return ApplicationError("Declined.", type=PaymentsRefused.code, non_retryable=True)
    pause = _LONG if fault in {Fault.AWAY, Fault.LOST_AWAY} else _AT_ONCE
    return ApplicationError("Struck.", type="struck", next_retry_delay=pause)


async def _twice(attempt: Attempt) -> Any:
    """The result of one that succeeds, if any does."""
    results = await asyncio.gather(attempt(), attempt(), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    if len(failures) == len(results):
        raise failures[0]
    return next(result for result in results if not isinstance(result, BaseException))
