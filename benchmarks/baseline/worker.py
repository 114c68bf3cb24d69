"""Workers for the workflows of the baseline, with the options of production.

    python -m benchmarks.baseline.worker READY_FILE

BaselineWorkflow has the SDK's own workflow runner, the others that of production.
"""

import asyncio
import gc
import sys
from pathlib import Path
from typing import Any, Final

from temporalio.worker import Worker

from benchmarks.baseline.workflows import (
    BARE_ORDER_TASK_QUEUE,
    BARE_SAVE_TASK_QUEUE,
    BASELINE_TASK_QUEUE,
    BareOrderWorkflow,
    BareSaveWorkflow,
    BaselineWorkflow,
    hold_nothing,
    open_nothing,
)
from observability.process import GARBAGE_THRESHOLDS
from temporal.client import connect_when_ready
from temporal.encryption.keys import KeyRing
from temporal.workflow_runner import workflow_runner
from workers.sessions import POLLERS, STICKY_TIMEOUT

OPTIONS: Final[dict[str, Any]] = {
    "max_concurrent_workflow_task_polls": POLLERS,
    "sticky_queue_schedule_to_start_timeout": STICKY_TIMEOUT,
}


async def work(ready_file: Path) -> None:
    client = await connect_when_ready(KeyRing())
    async with (
        Worker(client, task_queue=BASELINE_TASK_QUEUE, workflows=[BaselineWorkflow], **OPTIONS),
        Worker(
            client,
            task_queue=BARE_SAVE_TASK_QUEUE,
            workflows=[BareSaveWorkflow],
            workflow_runner=workflow_runner(),
            **OPTIONS,
        ),
        Worker(
            client,
            task_queue=BARE_ORDER_TASK_QUEUE,
            workflows=[BareOrderWorkflow],
            activities=[hold_nothing, open_nothing],
            workflow_runner=workflow_runner(),
            **OPTIONS,
        ),
    ):
        await asyncio.to_thread(ready_file.touch)
        await asyncio.Event().wait()


if __name__ == "__main__":
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    asyncio.run(work(Path(sys.argv[1])))
