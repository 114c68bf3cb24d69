"""A worker process with notifications in its settings."""

from pathlib import Path

from temporalio.client import ScheduleOverlapPolicy

from domain import ids
from tests.integration.notifications.outbox import delivered
from tests.support.api import client_for, token
from tests.support.notification_receiver import SECRET, NotificationReceiver
from tests.support.processes import running_processes
from tests.support.system import System
from tests.support.wizard import publish, start_filled


async def test_a_worker_process_notifies_by_its_settings(
    api: System, receiver: NotificationReceiver, tmp_path: Path
) -> None:
    client = api.temporal.client
    schedule = client.get_schedule_handle(ids.SCHEDULE_OUTBOX)
    async with (
        running_processes(api.database, client, tmp_path) as processes,
        client_for(api.address, token("ada")) as http,
    ):
        worker = await processes.worker(NOTIFICATION_URL=receiver.url, NOTIFICATION_SECRETS=SECRET)
        try:
            wizard = await start_filled(http)
            await publish(wizard)
            (message,) = await receiver.gets(1)
            await delivered(api.database, 1)
            described = await schedule.describe()
        finally:
            await schedule.delete()
    assert message.kind == "session.published"
    assert described.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    for secret in (SECRET, receiver.url):
        assert secret not in worker.log()
