"""Records the histories of sessions of every kind, for ``test_replay.py``.

    python -m tests.replay.record

A history stands for all the sessions of its kind that are open while a new version is deployed.
"""

import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from temporalio.client import WorkflowHistory

from activities.notifications import Notifying
from domain import ids
from tests.support.faults import Fault, fail_for_good
from tests.support.gateway import Wizard, start
from tests.support.histories import histories_of
from tests.support.receiver import receiving, sending
from tests.support.records import complete_records, handle_of
from tests.support.samples import free_event
from tests.support.sessions import filled
from tests.support.system import System
from tests.support.workers import worker_for
from workflows.wizard_session import CHANGES_PER_RUN

HISTORIES: Final = Path(__file__).parent / "histories"

OF_THIS_MACHINE: Final = {"identity", "stackTrace", "buildId", "workerInstanceKey"}
"""Says who ran the session, and where; a replay does not look at it."""

STICKY_QUEUE: Final = re.compile(r"\d+@\S+")
"""Named after a process and its host."""


@asynccontextmanager
async def recorded(system: System, name: str, wizard: Wizard) -> AsyncIterator[None]:
    """What the session does within, and all that it did before."""
    yield
    histories = await histories_of(system.temporal.client, wizard.session_id)
    for number, history in enumerate(histories, 1):
        suffix = f"-{number}" if len(histories) > 1 else ""
        (HISTORIES / f"{name}{suffix}.json").write_text(text_of(history))


def text_of(history: WorkflowHistory) -> str:
    return json.dumps(anonymous(history.to_json_dict()), separators=(",", ":")) + "\n"


def anonymous(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: anonymous(each) for name, each in value.items() if name not in OF_THIS_MACHINE
        }
    if isinstance(value, list):
        return [anonymous(each) for each in value]
    if isinstance(value, str):
        return STICKY_QUEUE.sub("sticky", value)
    return value


@pytest.fixture
async def system(gateway: System) -> AsyncIterator[System]:
    async with worker_for(gateway):
        yield gateway


async def written(system: System, wizard: Wizard) -> None:
    await complete_records(system.database, system.temporal.client, wizard.session_id)


async def ended(system: System, wizard: Wizard) -> None:
    await handle_of(system.temporal.client, wizard.session_id).result()


async def test_published(system: System, ada: httpx.AsyncClient) -> None:
    wizard = await filled(ada)
    async with recorded(system, "published", wizard):
        await wizard.save("organizerSetup", {"bio": "Bio"}, prefer="respond-async")
        await wizard.complete("reviewPublish", {"acceptTerms": True})
        assert (await wizard.post("/publish")).status_code == 200
        await ended(system, wizard)


async def test_in_progress(system: System, ada: httpx.AsyncClient) -> None:
    """With messages that were refused, and one that came twice."""
    wizard = await start(ada)
    async with recorded(system, "in-progress", wizard):
        data = free_event()
        await wizard.complete("organizerSetup", {"bio": "Bio"})
        await wizard.save("organizerSetup", {"nmae": "Ada"})
        for _ in range(2):
            await wizard.complete(
                "organizerSetup", data["organizerSetup"], idempotency_key="complete"
            )
        await wizard.save("eventSetup", {"title": "Spring Show"}, if_match='"0"')
        await wizard.save("eventSetup", data["eventSetup"], prefer="respond-async")
        await handle_of(system.temporal.client, wizard.session_id).signal(
            ids.SIGNAL_STAGE_DATA, {"stage": "nowhere"}
        )
        step = {"from_stage": "eventSetup", "to_stage": "organizerSetup"}
        await wizard.post("/transition", step)
        await written(system, wizard)
        await wizard.post("/restore", {"revision": 1})
        await written(system, wizard)


async def test_refused(system: System, ada: httpx.AsyncClient) -> None:
    """Admitted to be published; then the address turned out to be taken."""
    first = await filled(ada, slug="the-gala")
    assert (await first.post("/publish")).status_code == 200
    wizard = await filled(ada, slug="the-gala")
    async with recorded(system, "refused", wizard):
        assert (await wizard.post("/publish")).status_code == 422
        await written(system, wizard)


@pytest.mark.parametrize("activity", [ids.ACTIVITY_RESERVE_EVENT, ids.ACTIVITY_PUBLISH_EVENT])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_failed(gateway: System, ada: httpx.AsyncClient, activity: str, moment: Any) -> None:
    async with worker_for(gateway):
        wizard = await filled(ada)
    workflow_id = ids.session_workflow_id(wizard.session_id)
    fault = Fault(workflow_id, activity, moment, fail_for_good)
    name = f"failed-{moment}-{activity.replace('_', '-')}"
    async with (
        worker_for(gateway, interceptors=[fault]),
        recorded(gateway, name, wizard),
    ):
        await wizard.post("/publish")
        await written(gateway, wizard)


async def test_expired(system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    async with recorded(system, "expired", wizard):
        await wizard.save("organizerSetup", {"name": "Ada"})
        handle = handle_of(system.temporal.client, wizard.session_id)
        await system.temporal.fast_forward(handle, timedelta(days=7, seconds=1))
        await ended(system, wizard)


async def test_reminded(gateway: System, ada: httpx.AsyncClient) -> None:
    async with (
        receiving() as receiver,
        sending(receiver.url) as sender,
        worker_for(gateway, notifying=Notifying(sender)),
    ):
        wizard = await start(ada)
        async with recorded(gateway, "reminded", wizard):
            await wizard.save("organizerSetup", {"name": "Ada"})
            await written(gateway, wizard)
            handle = handle_of(gateway.temporal.client, wizard.session_id)
            await gateway.temporal.fast_forward(handle, timedelta(days=6, seconds=1))
            await receiver.gets(1)
            await gateway.temporal.fast_forward(handle, timedelta(days=1))
            await ended(gateway, wizard)


async def test_planned(system: System, ada: httpx.AsyncClient) -> None:
    wizard = await filled(ada)
    async with recorded(system, "planned", wizard):
        at = datetime.fromisoformat((await wizard.view())["created_at"]) + timedelta(days=10)
        await wizard.post("/publish", {"publish_at": at.isoformat()})
        handle = handle_of(system.temporal.client, wizard.session_id)
        await system.temporal.fast_forward(handle, timedelta(days=10, seconds=1))
        await ended(system, wizard)


async def test_abandoned(system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    async with recorded(system, "abandoned", wizard):
        await wizard.save("organizerSetup", {"name": "Ada"})
        await wizard.post("/abandon")
        await ended(system, wizard)


async def test_continued(system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    async with recorded(system, "continued", wizard):
        for number in range(CHANGES_PER_RUN + 3):
            await wizard.save("organizerSetup", {"name": f"Ada {number}"})
        await written(system, wizard)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
