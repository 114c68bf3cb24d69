"""What goes wrong in a worker, at a moment of an activity that a test chooses."""

import os
import signal
from collections.abc import Callable
from typing import Any, Final, Literal, NoReturn

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

Moment = Literal["before", "after"]
"""Before an activity has any effect, or after its effect and before it is reported."""

FAILURE: Final = "simulated_failure"


class Fault(Interceptor):
    """Calls ``strike`` at a moment of one workflow's activity, each time from the given call on."""

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
        return _Struck(next, self._reached)

    def _reached(self, moment: Moment) -> None:
        info = activity.info()
        if (info.workflow_id, info.activity_type, moment) != self._place:
            return
        if self._calls_before:
            self._calls_before -= 1
        else:
            self._strike()


class _Struck(ActivityInboundInterceptor):
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


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail_for_good() -> NoReturn:
    raise ApplicationError("simulated", type=FAILURE, non_retryable=True)
