"""The least that a save can be: a workflow that only answers, with messages, answers and runs as
large as a session's.

It validates nothing, merges nothing, keeps no state and writes to no read model.
"""

from typing import Final

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.json_values import JsonObject
    from workflows.wizard_session import CHANGES_PER_RUN

TASK_QUEUE: Final = "benchmark-bare-save"
SAVE: Final = "save"


@workflow.defn
class BareSave:
    """``answer`` is given to every save, ``handed_on`` goes from run to run."""

    @workflow.init
    def __init__(self, answer: JsonObject, handed_on: JsonObject) -> None:  # noqa: ARG002
        self._answer = answer
        self._changes = 0

    @workflow.run
    async def run(self, answer: JsonObject, handed_on: JsonObject) -> None:
        await workflow.wait_condition(lambda: self._changes >= CHANGES_PER_RUN)
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(args=[answer, handed_on])

    @workflow.update(name=SAVE)
    def save(self, request: JsonObject) -> JsonObject:  # noqa: ARG002
        self._changes += 1
        return self._answer
