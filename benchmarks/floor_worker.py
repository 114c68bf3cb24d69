"""A worker for the floor's workflow, with production's options but the SDK's own runner; beside it
one for bare saves, with production's runner too.

python -m benchmarks.floor_worker READY_FILE
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

from temporalio.worker import Worker

from benchmarks import bare_save, floor
from temporal.client import connect_when_ready
from temporal.encryption.keys import KeyRing
from temporal.workflow_runner import workflow_runner
from worker import POLLERS, STICKY_TIMEOUT

OPTIONS: Final[dict[str, Any]] = {
    "max_concurrent_workflow_task_polls": POLLERS,
    "sticky_queue_schedule_to_start_timeout": STICKY_TIMEOUT,
}


async def work(ready_file: Path) -> None:
    client = await connect_when_ready(KeyRing())
    async with (
        Worker(client, task_queue=floor.TASK_QUEUE, workflows=[floor.Floor], **OPTIONS),
        Worker(
            client,
            task_queue=bare_save.TASK_QUEUE,
            workflows=[bare_save.BareSave],
            workflow_runner=workflow_runner(),
            **OPTIONS,
        ),
    ):
        await asyncio.to_thread(ready_file.touch)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
