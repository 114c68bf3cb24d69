"""The floor: a workflow whose update does nothing, and a worker for it.

python -m benchmarks.floor
"""

import asyncio

from temporalio import workflow
from temporalio.worker import Worker

TASK_QUEUE = "benchmark-floor"
UPDATE = "nothing"


@workflow.defn
class Floor:
    def __init__(self) -> None:
        self._ended = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._ended)

    @workflow.update(name=UPDATE)
    def nothing(self) -> None:
        return None


async def work() -> None:
    # The sandbox loads this file for the workflow.
    from encryption.keys import KeyRing  # noqa: PLC0415
    from workflows import connection  # noqa: PLC0415

    client = await connection.connect_when_ready(KeyRing())
    async with Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[Floor],
        max_concurrent_workflow_task_polls=5,
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work())
