"""An unfinished session expires at its deadline."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType

from dev.session_histories import histories_of
from temporal.search_attributes import STATUS
from tests.support.session_rows import complete_session_rows, session_rows_of
from tests.support.session_workflow import session_handle
from tests.support.stage_data import free_event
from tests.support.system import System, pass_time
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start_filled

LIFE = timedelta(days=7)
DAY = timedelta(days=1)


async def status_becomes(system: System, wizard: Wizard, status: str) -> None:
    async def is_reached() -> bool:
        return (await session_rows_of(system.database, wizard.session_id)).status == status

    await eventually(is_reached, what=f"the status {status} in the read model")


async def test_a_session_expires_after_seven_days(system: System, wizard: Wizard) -> None:
    await wizard.complete("organizerSetup", free_event()["organizerSetup"])
    before = await wizard.view()

    await pass_time(system, wizard, LIFE + timedelta(seconds=1))
    await status_becomes(system, wizard, "expired")

    created, expires = (
        datetime.fromisoformat(before[name]) for name in ("created_at", "expires_at")
    )
    assert expires - created == LIFE
    after = await wizard.view()
    assert after["status"] == "expired"
    assert after["is_active"] is False
    assert after["stages"] == before["stages"]
    described = await session_handle(system.temporal.client, wizard.session_id).describe()
    assert described.typed_search_attributes.get(STATUS) == "expired"
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names[-1] == "expire"


async def test_a_session_lives_until_its_deadline(system: System, wizard: Wizard) -> None:
    await pass_time(system, wizard, LIFE - timedelta(hours=1))

    saved = await wizard.save("organizerSetup", {"name": "Ada"})

    assert saved.status_code == 200
    assert saved.json()["status"] == "in_progress"


async def test_an_expired_session_refuses_every_message(system: System, wizard: Wizard) -> None:
    await pass_time(system, wizard, LIFE + timedelta(seconds=1))
    await status_becomes(system, wizard, "expired")

    data = {"name": "Ada"}
    step = {"from_stage": "organizerSetup", "to_stage": "eventSetup"}
    answers = [
        await wizard.save("organizerSetup", data),
        await wizard.save("organizerSetup", data, prefer="respond-async"),
        await wizard.complete("organizerSetup", data),
        await wizard.post("/transition", step),
        await wizard.post("/publish"),
        await wizard.post("/abandon"),
        await wizard.post("/restore", {"revision": 0}),
    ]

    for answer in answers:
        problem = answer.json()
        assert answer.status_code == 409, answer.text
        assert problem["code"] == "session_closed"
        assert problem["session_status"] == "expired"


async def test_messages_neither_postpone_nor_restart_the_deadline(
    system: System, wizard: Wizard
) -> None:
    deadline = (await wizard.view())["expires_at"]
    for number in range(2):
        await wizard.save("organizerSetup", {"name": f"Ada {number}"}, prefer="respond-async")
        await wizard.save("organizerSetup", {"bio": f"Bio {number}"})
        await pass_time(system, wizard, DAY)

    assert (await wizard.view())["expires_at"] == deadline
    (history,) = await histories_of(system.temporal.client, wizard.session_id)
    assert len(long_timers(history.events)) == 1
    await pass_time(system, wizard, 5 * DAY + timedelta(seconds=1))
    await status_becomes(system, wizard, "expired")


def long_timers(events: Any) -> list[timedelta]:
    durations = [
        event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
        for event in events
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED
    ]
    return [duration for duration in durations if duration > timedelta(minutes=1)]


@pytest.mark.parametrize("after", [timedelta(days=3), timedelta(days=20)])
async def test_a_planned_publication_runs_when_due(
    system: System, wizard: Wizard, after: timedelta
) -> None:
    """Even if the session would have expired before."""
    wizard = await start_filled(wizard.http)
    at = datetime.fromisoformat((await wizard.view())["created_at"]) + after
    planned = await wizard.post("/publish", {"publish_at": at.isoformat()})
    assert planned.status_code == 202, planned.text
    assert planned.json()["publication"]["state"] == "scheduled"

    await pass_time(system, wizard, after - timedelta(hours=1))
    assert (await wizard.view(consistent=True))["publication"]["state"] == "scheduled"
    await pass_time(system, wizard, timedelta(hours=1, seconds=1))
    await status_becomes(system, wizard, "completed")

    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.names.count("publish_event") == 1
    assert records.events[0][1] == "published"


async def test_a_blocked_planned_publication_leaves_an_open_session(
    system: System, wizard: Wizard
) -> None:
    """The terms were accepted before the last edit."""
    wizard = await start_filled(wizard.http)
    at = datetime.fromisoformat((await wizard.view())["created_at"]) + 2 * DAY
    await wizard.post("/publish", {"publish_at": at.isoformat()})
    await wizard.save("eventSetup", {"title": "Another Show"})

    await pass_time(system, wizard, 2 * DAY + timedelta(seconds=1))

    async def has_failed() -> bool:
        shown = await wizard.view(consistent=True)
        return bool(shown["publication"]["state"] == "failed")

    await eventually(has_failed)
    view = await wizard.view(consistent=True)
    assert view["status"] == "in_progress"
    assert view["publication"]["error"]["code"] == "publish_blocked"
    assert (await wizard.save("eventSetup", {"title": "A Third Show"})).status_code == 200
