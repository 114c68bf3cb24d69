"""Faults of a worker, at a moment of an activity that the test chooses: in the test's own process,
or in a process that is started with the faults."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from domain import ids
from tests.support.full_size import IS_FULL

Moment = Literal["before", "after"]
"""Before an activity has an effect, or after its effect and before its result is reported."""

FAILURE: Final = "simulated_failure"


class Fault(Interceptor):
    """Calls ``strike`` at a moment of one workflow's activity, from call ``from_call`` on."""

    def __init__(
        self,
        workflow_id: str,
        activity_name: str,
        moment: Moment,
        strike: Callable[[], None],
        *,
        from_call: int = 1,
    ) -> None:
        self._place = (workflow_id, activity_name, moment)
        self._strike = strike
        self._calls_before = from_call - 1

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _FaultInterceptor(next, self.reached)

    def reached(self, moment: Moment) -> None:
        info = activity.info()
        if (info.workflow_id, info.activity_type, moment) != self._place:
            return
        if self._calls_before:
            self._calls_before -= 1
        else:
            self._strike()


class Faults(Interceptor):
    """Faults that tests add while a worker runs."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        self._faults.extend(faults)

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _FaultInterceptor(next, self._reached)

    def _reached(self, moment: Moment) -> None:
        for fault in self._faults:
            fault.reached(moment)


class _FaultInterceptor(ActivityInboundInterceptor):
    def __init__(
        self, following: ActivityInboundInterceptor, reached: Callable[[Moment], None]
    ) -> None:
        super().__init__(following)
        self._reached = reached

    async def execute_activity(
        self,
        input: ExecuteActivityInput,  # noqa: A002 - the SDK's name
    ) -> Any:
        self._reached("before")
        result = await super().execute_activity(input)
        self._reached("after")
        return result


class Gate(Interceptor):
    """Holds every call of an activity, before it has an effect, until the gate is opened."""

    def __init__(self, activity_name: str) -> None:
        self._activity_name = activity_name
        self._reached = asyncio.Event()
        self._opened = asyncio.Event()

    async def reached(self) -> None:
        """Returns once a call has come to the gate."""
        await self._reached.wait()

    def open(self) -> None:
        self._opened.set()

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _GateInterceptor(next, self._passed)

    async def _passed(self) -> None:
        if activity.info().activity_type == self._activity_name:
            self._reached.set()
            await self._opened.wait()


class _GateInterceptor(ActivityInboundInterceptor):
    def __init__(
        self, following: ActivityInboundInterceptor, passed: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(following)
        self._passed = passed

    async def execute_activity(
        self,
        input: ExecuteActivityInput,  # noqa: A002 - the SDK's name
    ) -> Any:
        await self._passed()
        return await super().execute_activity(input)


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail_for_good() -> NoReturn:
    raise ApplicationError("simulated", type=FAILURE, non_retryable=True)


MOMENTS: tuple[Moment, Moment] = ("before", "after")

CRASH_MOMENTS: Final = MOMENTS if IS_FULL else MOMENTS[-1:]
"""Of tests that kill a worker. In a sample, after the activity's effect, which the next attempt has
to find."""


@dataclass(frozen=True)
class CrashPoint:
    """``call`` counts calls of the same activity: each tier has one. ``fails`` is an activity that
    fails for good before the crash, so that the publication is being undone."""

    activity: str
    moment: Moment
    call: int = 1
    fails: str | None = None

    def faults(self, session_id: str) -> list[dict[str, object]]:
        return self.faults_of(ids.session_workflow_id(session_id))

    def faults_of(self, workflow_id: str) -> list[dict[str, object]]:
        crash: dict[str, object] = {
            "what": "crash",
            "activity_name": self.activity,
            "moment": self.moment,
            "from_call": self.call,
            "workflow_id": workflow_id,
        }
        fail: dict[str, object] = {
            "what": "fail",
            "activity_name": self.fails,
            "moment": "before",
            "workflow_id": workflow_id,
        }
        return [crash, fail] if self.fails else [crash]
