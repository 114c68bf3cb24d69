"""A session keeps its state when it continues as new."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from dev.session_histories import events_by_type, histories_of
from domain import ids
from domain.actors import Actor
from domain.json_values import JsonObject
from domain.session.messages import SaveStage, SessionStart
from domain.session.run_rules import CHANGES_PER_RUN
from domain.stages import Stage
from domain.validation.drafts import size_of
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import new_run_after, run_of, session_handle, settle
from tests.support.stage_data import days_ahead, free_event
from tests.support.system import System, running_api
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, publish, start_filled

RULES_OF_AN_EARLIER_RELEASE = 3
"""The last ones by which an event must not have begun."""


async def test_a_session_continues_in_a_new_run(system: System, wizard: Wizard) -> None:
    first_run = await run_of(system.temporal.client, wizard.session_id)
    first = await wizard.save("organizerSetup", {"name": "First"}, idempotency_key="first")
    for number in range(CHANGES_PER_RUN):
        await wizard.save("organizerSetup", {"bio": f"Bio {number}"})
    await new_run_after(system.temporal.client, wizard.session_id, first_run)
    before = await wizard.view(consistent=True)

    repeated = await wizard.save("organizerSetup", {"name": "First"}, idempotency_key="first")
    reused = await wizard.save("organizerSetup", {"name": "Other"}, idempotency_key="first")
    later = await wizard.save("organizerSetup", {"name": "Second"})

    assert before["revision"] == CHANGES_PER_RUN + 1
    assert before["expires_at"] == first.json()["expires_at"]
    assert before["created_at"] == first.json()["created_at"]
    assert repeated.json()["revision"] == before["revision"]
    assert reused.json()["code"] == "idempotency_key_reused"
    assert later.json()["revision"] == before["revision"] + 1
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.stages["organizerSetup"] == {
        "name": "Second",
        "bio": f"Bio {CHANGES_PER_RUN - 1}",
    }


async def is_known(wizard: Wizard) -> bool:
    return (await wizard.get()).is_success


async def test_a_run_of_earlier_rules_has_the_newest_after_it(
    system: System, ada: httpx.AsyncClient, user: str
) -> None:
    """A start of an earlier release: an event that had begun could not be published."""
    session_id = str(uuid4())
    owner = Actor(user_id=user, email=f"{user}@example.com")
    handle = await system.temporal.client.start_workflow(
        ids.WIZARD_SESSION,
        SessionStart(session_id=session_id, owner=owner, rules=RULES_OF_AN_EARLIER_RELEASE),
        id=ids.session_workflow_id(session_id),
        task_queue=ids.TASK_QUEUE,
    )
    wizard = Wizard(ada, session_id)
    await eventually(partial(is_known, wizard), what="its row, which the worker writes")
    exhibition = free_event(date=days_ahead(-30), endDate=days_ahead(30))["eventSetup"]
    saved = (await wizard.save("eventSetup", exhibition)).json()
    assert [error["code"] for error in saved["stages"]["eventSetup"]["errors"]] == ["not_in_future"]

    for number in range(CHANGES_PER_RUN):
        await wizard.save("organizerSetup", {"bio": f"Bio {number}"})
    await new_run_after(system.temporal.client, session_id, handle.first_execution_run_id or "")

    assert (await wizard.view(consistent=True))["stages"]["eventSetup"]["valid"] is True


async def test_a_signal_repeated_in_a_later_run_is_known(system: System, wizard: Wizard) -> None:
    run_id = await run_of(system.temporal.client, wizard.session_id)
    message = {"name": "Once"}
    asynchronous = {"prefer": "respond-async", "idempotency_key": "once"}
    await wizard.save("organizerSetup", message, **asynchronous)
    for number in range(CHANGES_PER_RUN):
        await wizard.save("organizerSetup", {"name": f"Ada {number}"})
    await new_run_after(system.temporal.client, wizard.session_id, run_id)

    await wizard.save("organizerSetup", message, **asynchronous)
    last = await wizard.save("organizerSetup", {"bio": "Bio"})

    assert last.json()["revision"] == CHANGES_PER_RUN + 2
    data = last.json()["stages"]["organizerSetup"]["data"]
    assert data == {"name": f"Ada {CHANGES_PER_RUN - 1}", "bio": "Bio"}


async def test_an_incomplete_stage_is_refused_again_in_a_later_run(
    system: System, wizard: Wizard
) -> None:
    """The same key gets the same answer in any run."""
    run_id = await run_of(system.temporal.client, wizard.session_id)
    refused = await wizard.complete("organizerSetup", {"bio": "Bio"}, idempotency_key="try")
    for number in range(CHANGES_PER_RUN):
        await wizard.save("organizerSetup", {"bio": f"Bio {number}"})
    await new_run_after(system.temporal.client, wizard.session_id, run_id)

    repeated = await wizard.complete("organizerSetup", {"bio": "Bio"}, idempotency_key="try")

    assert refused.status_code == repeated.status_code == 422
    assert repeated.json()["code"] == "stage_incomplete"
    view = await wizard.view(consistent=True)
    assert view["revision"] == CHANGES_PER_RUN + 1
    assert view["stages"]["organizerSetup"]["data"] == {"bio": f"Bio {CHANGES_PER_RUN - 1}"}


async def test_a_run_within_a_burst_knows_how_many_bytes_wait(
    system: System, wizard: Wizard
) -> None:
    client = system.temporal.client
    first_run = await run_of(client, wizard.session_id)
    for number in range(CHANGES_PER_RUN):
        await wizard.save("organizerSetup", {"bio": f"Ünï {number}"})
    await new_run_after(client, wizard.session_id, first_run)

    newest = (await histories_of(client, wizard.session_id))[-1]
    started = newest.events[0].workflow_execution_started_event_attributes
    [start] = await client.data_converter.decode(started.input.payloads, [SessionStart])
    carried = start.carried

    assert carried.unprojected
    assert carried.unprojected_bytes == sum(
        size_of(action.sections) for action in carried.unprojected
    )


async def save_until_answered(
    wizard: Wizard, stage: str, data: JsonObject, **headers: str
) -> httpx.Response:
    """Repeats the request until it is answered, as a client does."""
    key = uuid4().hex
    while True:
        answer = await wizard.save(stage, data, idempotency_key=key, **headers)
        if answer.status_code != 503:
            return answer


async def test_three_hundred_concurrent_messages_all_apply(system: System, wizard: Wizard) -> None:
    """Through two API processes, so that messages are concurrent at the session."""
    async with (
        running_api(system.temporal, system.database) as second,
        client_for(second.address, token("ada")) as http,
    ):
        clients = [wizard, Wizard(http, wizard.session_id)] * 75
        updates = (
            save_until_answered(client, "organizerSetup", {"name": f"Ada {number}"})
            for number, client in enumerate(clients)
        )
        signals = (
            save_until_answered(
                client, "eventSetup", {"title": f"Show {number}"}, prefer="respond-async"
            )
            for number, client in enumerate(clients)
        )
        answers = await asyncio.gather(*updates, *signals)
        assert {answer.status_code for answer in answers} == {200, 202}
        records = await complete_session_rows(
            system.database, system.temporal.client, wizard.session_id
        )

    assert len(records.revisions) == 300
    assert len(await histories_of(system.temporal.client, wizard.session_id)) > 2


async def test_updates_sent_directly_all_apply(system: System, wizard: Wizard) -> None:
    """With up to ten updates in flight, Temporal's limit."""
    handle = session_handle(system.temporal.client, wizard.session_id)
    places = asyncio.Semaphore(10)

    async def save(number: int) -> None:
        request = SaveStage(
            actor=Actor(user_id="ada"),
            stage=Stage.ORGANIZER_SETUP,
            data={"name": f"Ada {number}"},
        )
        async with places:
            await handle.execute_update(ids.UPDATE_SAVE_STAGE, request)

    await asyncio.gather(*map(save, range(100)))

    await settle(system.temporal.client, wizard.session_id)
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert len(records.revisions) == 100


async def test_a_publication_is_not_moved_to_a_new_run(system: System, wizard: Wizard) -> None:
    wizard = await start_filled(wizard.http)
    run_id = await run_of(system.temporal.client, wizard.session_id)
    step = ["reviewPublish", "sponsorsMedia"]
    while (await wizard.view())["revision"] < CHANGES_PER_RUN - 1:
        moved = await wizard.post("/transition", {"from_stage": step[0], "to_stage": step[1]})
        assert moved.status_code == 200, moved.text
        step.reverse()

    await publish(wizard)
    handle = session_handle(system.temporal.client, wizard.session_id)
    await handle.result()
    described = await handle.describe()
    assert described.run_id == run_id
    assert described.status is WorkflowExecutionStatus.COMPLETED


async def test_a_planned_publication_survives_new_runs(system: System, wizard: Wizard) -> None:
    wizard = await start_filled(wizard.http)
    run_id = await run_of(system.temporal.client, wizard.session_id)
    at = datetime.fromisoformat((await wizard.view())["created_at"]) + timedelta(days=2)
    await wizard.post("/publish", {"publish_at": at.isoformat()})
    step = ["reviewPublish", "organizerSetup"]
    for _ in range(CHANGES_PER_RUN):
        await wizard.post("/transition", {"from_stage": step[0], "to_stage": step[1]})
        step.reverse()
    await new_run_after(system.temporal.client, wizard.session_id, run_id)

    handle = session_handle(system.temporal.client, wizard.session_id)
    await system.temporal.fast_forward(handle, timedelta(days=2, seconds=1))

    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert records.status == "completed"
    assert records.names.count("publish_event") == 1


async def test_a_run_has_few_changes(system: System, wizard: Wizard) -> None:
    for number in range(3 * CHANGES_PER_RUN):
        await wizard.save("organizerSetup", {"name": f"Ada {number}"})

    histories = await histories_of(system.temporal.client, wizard.session_id)

    accepted = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
    assert max(events_by_type(history)[accepted] for history in histories) <= CHANGES_PER_RUN + 2
