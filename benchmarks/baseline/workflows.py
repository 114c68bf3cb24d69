"""The workflows of the baseline."""

from datetime import timedelta
from typing import Final

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from domain.json_values import JsonObject
    from domain.session.run_rules import CHANGES_PER_RUN

BASELINE_TASK_QUEUE: Final = "benchmark-baseline"
UPDATE: Final = "do_nothing"
SIGNAL: Final = "count"
QUERY: Final = "signals_received"

BARE_SAVE_TASK_QUEUE: Final = "benchmark-bare-save"
BARE_SAVE_UPDATE: Final = "save"

BARE_ORDER_TASK_QUEUE: Final = "benchmark-bare-order"
BARE_ORDER_UPDATE: Final = "checkout"
BARE_ORDER_LASTS: Final = timedelta(minutes=35)


@workflow.defn
class BaselineWorkflow:
    """Runs until it is terminated."""

    def __init__(self) -> None:
        self._signals_received = 0

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update(name=UPDATE)
    def do_nothing(self) -> None:
        return None

    @workflow.signal(name=SIGNAL)
    def count(self) -> None:
        self._signals_received += 1

    @workflow.query(name=QUERY)
    def signals_received(self) -> int:
        return self._signals_received


@workflow.defn
class BareSaveWorkflow:
    """Answers each save with the same ``answer``, and passes ``carried`` from run to run.

    Both are as large as a session's, and its runs are as long. It validates nothing, merges
    nothing, keeps no state and writes to no read model.
    """

    @workflow.init
    def __init__(
        self,
        answer: JsonObject,
        carried: JsonObject,  # noqa: ARG002 (the SDK passes the arguments of run)
    ) -> None:
        self._answer = answer
        self._changes = 0

    @workflow.run
    async def run(self, answer: JsonObject, carried: JsonObject) -> None:
        await workflow.wait_condition(lambda: self._changes >= CHANGES_PER_RUN)
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(args=[answer, carried])

    @workflow.update(name=BARE_SAVE_UPDATE)
    def save(self, request: JsonObject) -> JsonObject:  # noqa: ARG002 (part of the message)
        self._changes += 1
        return self._answer


@activity.defn
async def hold_nothing() -> None:
    return None


@activity.defn
async def open_nothing() -> None:
    return None


@workflow.defn
class BareOrderWorkflow:
    """Runs two activities, answers, and waits as long as an order holds tickets."""

    def __init__(self) -> None:
        self._is_open = False

    @workflow.run
    async def run(self) -> None:
        for step in (hold_nothing, open_nothing):
            await workflow.execute_activity(step, start_to_close_timeout=timedelta(seconds=10))
        self._is_open = True
        await workflow.sleep(BARE_ORDER_LASTS)

    @workflow.update(name=BARE_ORDER_UPDATE)
    async def checkout(self) -> None:
        await workflow.wait_condition(lambda: self._is_open)
