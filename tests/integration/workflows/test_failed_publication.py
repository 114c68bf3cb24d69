"""A publication that fails for good is undone completely, or is found to be published."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from domain import ids
from tests.support.activity_faults import Fault, Moment, fail_for_good
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows, session_rows_of
from tests.support.system import System, running_worker
from tests.support.wizard import Wizard, publish, published_event, start_filled


def once(strike: Callable[[], None]) -> Callable[[], None]:
    pending = [strike]

    def strike_first_time() -> None:
        if pending:
            pending.pop()()

    return strike_first_time


@asynccontextmanager
async def failing_at(
    system: System, activity_name: str, moment: Moment, **event: str
) -> AsyncIterator[Wizard]:
    """A session ready to be published, with a worker whose activity fails once."""
    async with client_for(system.address, token("ada")) as http:
        async with running_worker(system):
            wizard = await start_filled(http, **event)
        fault = Fault(
            ids.session_workflow_id(wizard.session_id),
            activity_name,
            moment,
            once(fail_for_good),
        )
        async with running_worker(system, interceptors=[fault]):
            yield wizard


@pytest.mark.parametrize(
    ("activity_name", "moment", "event"),
    [
        ("gather_publish_facts", "before", {"slug": "second-try"}),
        ("reserve_event", "before", {}),
        ("reserve_event", "after", {}),
        ("publish_event", "before", {}),
    ],
)
async def test_a_failed_publication_is_undone_and_can_be_retried(
    api: System, activity_name: str, moment: Moment, event: dict[str, str]
) -> None:
    async with failing_at(api, activity_name, moment, **event) as wizard:
        typed = (await wizard.view(consistent=True))["stages"]

        failed = await wizard.post("/publish")

        assert failed.status_code == 409, failed.text
        assert failed.json()["code"] == "publish_failed"
        view = await wizard.view(consistent=True)
        assert view["status"] == "in_progress"
        assert view["event_id"] is None
        assert view["publication"]["state"] == "failed"
        assert view["publication"]["error"]["code"] == "publish_failed"
        assert "running" not in {step["state"] for step in view["publication"]["steps"]}
        for stage, shown in typed.items():
            assert view["stages"][stage]["data"] == shown["data"]
        assert (await session_rows_of(api.database, wizard.session_id)).events == []

        edited = await wizard.save("eventSetup", {"title": "Second Try"})
        assert edited.status_code == 200, edited.text
        await wizard.complete("reviewPublish", {"acceptTerms": True})
        event = await published_event(wizard)
        assert event["slug"] == "second-try"
        records = await complete_session_rows(api.database, api.temporal.client, wizard.session_id)
        assert records.names.count("fail_publication") == 1
        assert records.names.count("publish_event") == 1


async def test_a_publication_reported_as_failed_is_published(api: System) -> None:
    async with failing_at(api, "publish_event", "after") as wizard:
        event = await published_event(wizard)
        records = await complete_session_rows(api.database, api.temporal.client, wizard.session_id)
        assert records.status == "completed"
        assert records.names.count("publish_event") == 1
        assert "fail_publication" not in records.names
        view = await wizard.view(consistent=True)
        assert view["publication"]["state"] == "published"
        assert view["publication"]["error"] is None
        assert view["event_id"] == event["event_id"]


async def test_a_contested_slug_is_published_once(system: System) -> None:
    async with client_for(system.address, token("ada")) as http:
        wizards = [await start_filled(http, slug="the-gala") for _ in range(4)]
        answers = await asyncio.gather(*(wizard.post("/publish") for wizard in wizards))

        assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
        for wizard, answer in zip(wizards, answers, strict=True):
            if answer.status_code == 200:
                continue
            problem = answer.json()
            assert problem["code"] == "publish_blocked"
            assert [
                (error["stage"], error["pointer"], error["code"]) for error in problem["errors"]
            ] == [("eventSetup", "/slug", "slug_taken")]
            view = await wizard.view(consistent=True)
            assert view["status"] == "in_progress"
            assert (await session_rows_of(system.database, wizard.session_id)).events == []
            await wizard.save("eventSetup", {"slug": f"gala-{wizard.session_id[:8]}"})
            await wizard.complete("reviewPublish", {"acceptTerms": True})
            await publish(wizard)
