"""Answers of changes: complete from every API process, though Temporal carries only the change."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from temporalio.api.enums.v1 import EventType

from dev.session_histories import histories_of
from domain.json_values import JsonObject
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.stage_data import free_event
from tests.support.system import System, running_api
from tests.support.wizard import Wizard

UPDATE_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED
LARGE = {"description": "x" * 15_000}


@dataclass
class TwoProcesses:
    first: Wizard
    second: Wizard


@pytest.fixture
async def processes(system: System, wizard: Wizard, user: str) -> AsyncIterator[TwoProcesses]:
    async with (
        running_api(system.temporal, system.database) as other,
        client_for(other.address, token(user)) as http,
    ):
        yield TwoProcesses(wizard, Wizard(http, wizard.session_id))


async def assert_current(wizard: Wizard, shown: JsonObject) -> None:
    assert shown == await wizard.view(consistent="true")


async def test_each_process_completes_answers(system: System, processes: TwoProcesses) -> None:
    """They take turns at random; each lacks what the other saved."""
    for number, (stage, data) in enumerate(free_event().items()):
        for wizard in (processes.first, processes.second, processes.second):
            saved = await wizard.save(stage, data)
            assert saved.status_code == 200, saved.text
            await assert_current(wizard, saved.json())
        completing = processes.first if number % 2 else processes.second
        completed = await completing.complete(stage)
        assert completed.status_code == 200, completed.text
        await assert_current(completing, completed.json())

    filled = await processes.first.view(consistent="true")
    restored = await processes.first.post("/restore", {"revision": 1})
    await assert_current(processes.first, restored.json())

    await complete_session_rows(system.database, system.temporal.client, processes.first.session_id)
    actions = (await processes.second.get("/actions", limit=100)).json()["items"]
    saves = [item for item in reversed(actions) if item["name"] == "save_stage"]
    written = {save["stage"]: save["sections"] for save in saves}
    for stage, sections in written.items():
        assert list(sections.values()) == [filled["stages"][stage]["data"]]


async def test_tier_ids_of_the_server_reach_both_processes(processes: TwoProcesses) -> None:
    tiers = {"tiers": [{"name": "A", "unit_amount": 0}, {"name": "B", "unit_amount": 0}]}
    saved = await processes.first.save("ticketSetup", tiers)
    elsewhere = await processes.second.save("organizerSetup", {"name": "Ada"})

    given = saved.json()["stages"]["ticketSetup"]["data"]["tiers"]
    assert all(tier["id"] for tier in given)
    assert elsewhere.json()["stages"]["ticketSetup"]["data"]["tiers"] == given


async def test_a_refused_completion_shows_what_was_saved(processes: TwoProcesses) -> None:
    await processes.second.save("venueSetup", {"name": "Hall"})

    refused = await processes.first.complete("organizerSetup", {"name": "A"})

    assert refused.status_code == 422, refused.text
    await assert_current(processes.first, refused.json()["session"])


async def test_an_answer_in_the_history_is_as_large_as_the_change(
    system: System, wizard: Wizard
) -> None:
    await wizard.save("eventSetup", LARGE)

    await wizard.save("organizerSetup", {"name": "Ada"})

    [history] = await histories_of(system.temporal.client, wizard.session_id)
    answers = [event for event in history.events if event.event_type == UPDATE_COMPLETED]
    large, small = (event.ByteSize() for event in answers[-2:])
    assert large > 15_000
    assert small < 5_000


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("/stages/organizerSetup/complete", {"data": {"name": "Ada"}}),
        ("/transition", {"from_stage": "organizerSetup", "to_stage": "organizerSetup"}),
        ("/restore", {"revision": 0}),
        ("/payments/disconnect", None),
        ("/abandon", None),
    ],
)
async def test_a_minimal_answer_has_revision_stage_and_progress(
    system: System, wizard: Wizard, name: str, body: JsonObject | None
) -> None:
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)

    answer = await wizard.post(name, body, prefer="return=minimal")

    assert answer.status_code == 200, answer.text
    assert answer.headers["preference-applied"] == "return=minimal"
    now = await wizard.view(consistent="true")
    assert answer.headers["etag"] == f'"{now["revision"]}"'
    assert answer.json() == {
        "revision": now["revision"],
        "stage": now["current_stage"],
        "progress": now["completion_percentage"],
    }


async def test_a_minimal_save_says_nothing_else(wizard: Wizard) -> None:
    saved = await wizard.save("organizerSetup", {"name": "Ada"}, prefer="return=minimal")

    assert json.loads(saved.text).keys() == {"revision", "stage", "progress"}
    whole = await wizard.save("organizerSetup", {"bio": "Bio"}, prefer="return=representation")
    await assert_current(wizard, whole.json())
