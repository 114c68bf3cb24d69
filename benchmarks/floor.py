"""The floor: a workflow whose messages do nothing."""

from typing import Final

from temporalio import workflow

TASK_QUEUE: Final = "benchmark-floor"
UPDATE: Final = "nothing"
SIGNAL: Final = "ignore"
QUERY: Final = "received"


@workflow.defn
class Floor:
    def __init__(self) -> None:
        self._ended = False
        self._received = 0

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._ended)

    @workflow.update(name=UPDATE)
    def nothing(self) -> None:
        return None

    @workflow.signal(name=SIGNAL)
    def ignore(self) -> None:
        self._received += 1

    @workflow.query(name=QUERY)
    def received(self) -> int:
        return self._received
