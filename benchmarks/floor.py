"""The floor: a workflow whose messages do nothing, and a worker for it with production's options,
but the SDK's own runner. Beside it one for bare saves, with production's runner too.

python -m benchmarks.floor
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

from temporalio import workflow
from temporalio.worker import Worker

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


async def work(ready_file: Path) -> None:
    # The sandbox loads this file for the workflow.
    import worker  # noqa: PLC0415
    from benchmarks import bare_save  # noqa: PLC0415
    from encryption.keys import KeyRing  # noqa: PLC0415
    from workflows import connection  # noqa: PLC0415
    from workflows.sandbox import workflow_runner  # noqa: PLC0415

    client = await connection.connect_when_ready(KeyRing())
    options: Any = {
        "max_concurrent_workflow_task_polls": worker.POLLERS,
        "sticky_queue_schedule_to_start_timeout": worker.STICKY_TIMEOUT,
    }
    async with (
        Worker(client, task_queue=TASK_QUEUE, workflows=[Floor], **options),
        Worker(
            client,
            task_queue=bare_save.TASK_QUEUE,
            workflows=[bare_save.BareSave],
            workflow_runner=workflow_runner(),
            **options,
        ),
    ):
        await asyncio.to_thread(ready_file.touch)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
