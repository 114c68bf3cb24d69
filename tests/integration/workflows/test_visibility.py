"""Sessions in Temporal as operators see them, without user input."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import WorkflowExecutionDescription
from temporalio.common import SearchAttributeKey

from dev.session_histories import histories_of
from domain import ids
from temporal.search_attributes import PROGRESS, STAGE, STATUS
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import (
    new_run_after,
    operator_page_of,
    run_of,
    session_handle,
    settle,
)
from tests.support.stage_data import free_event
from tests.support.system import System, pass_time, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start, start_filled

TYPING_PAUSE = 0.2
"""Seconds between two saves: far shorter than the pause that ends a burst."""

MOST_OF_A_BURST = timedelta(seconds=30)
"""A burst of its own, in the second run, would last longer, and the run would end first."""

CANARIES = ("Zaphod Quuxworth", "zaphod.canary", "Wobble Gala", "Canary Row 7")


async def found_by(system: System, query: str) -> list[str]:
    return [workflow.id async for workflow in system.temporal.client.list_workflows(query)]


async def at_venue(http: httpx.AsyncClient) -> Wizard:
    wizard = await start(http)
    data = free_event(title=CANARIES[2])
    await wizard.complete("organizerSetup", {"name": CANARIES[0]})
    await wizard.complete("eventSetup", data["eventSetup"])
    await wizard.save("venueSetup", {"mode": "physical", "name": CANARIES[3], "capacity": -1})
    return wizard


async def test_a_session_is_found_by_stage_owner_and_kind(system: System) -> None:
    async with client_for(system.address, token("zaphod", org="heart-of-gold")) as http:
        wizard = await at_venue(http)
    workflow_id = ids.session_workflow_id(wizard.session_id)
    parts = [
        'WizardStage="venueSetup"',
        'WizardStatus="in_progress"',
        'WizardUserId="zaphod"',
        'WizardOrganizationId="heart-of-gold"',
        'WizardEventType="fashion_show"',
        "WizardProgress > 30",
        f'WizardExpiresAt > "{(await wizard_created(wizard, system)).isoformat()}"',
    ]

    async def is_found() -> bool:
        return await found_by(system, " AND ".join(parts)) == [workflow_id]

    await eventually(is_found, what="the session in Temporal's list")
    assert await found_by(system, f'WorkflowId="{workflow_id}" AND WizardStage="eventSetup"') == []


@asynccontextmanager
async def typing(wizard: Wizard) -> AsyncIterator[None]:
    """Someone types without a pause: a burst that lasts, over several runs of the session."""

    async def save_often() -> None:
        for number in itertools.count():
            saved = await wizard.save("sponsorsMedia", {"hashtag": f"#canary{number}"})
            assert saved.status_code == 200, saved.text
            await asyncio.sleep(TYPING_PAUSE)

    task = asyncio.create_task(save_often())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def attribute_of(system: System, wizard: Wizard, key: SearchAttributeKey[Any]) -> Any:
    described = await session_handle(system.temporal.client, wizard.session_id).describe()
    return described.typed_search_attributes.get(key)


async def test_a_stage_is_searchable_while_someone_types(system: System, wizard: Wizard) -> None:
    data = free_event()
    async with typing(wizard):
        for stage, following in itertools.pairwise(list(data)[:4]):
            completed = await wizard.complete(stage, data[stage])
            assert completed.status_code == 200, completed.text

            async def is_indexed(following: str = following) -> bool:
                return bool(await attribute_of(system, wizard, STAGE) == following)

            await eventually(is_indexed, within=10, what=f"{following} in Temporal's list")
        details = await operator_page_of(system.temporal.client, wizard.session_id)
        assert "at **ticketSetup**" in details
    await wizard.post("/abandon")
    assert await attribute_of(system, wizard, STATUS) == "abandoned"


async def test_progress_is_searchable_while_someone_types(system: System, wizard: Wizard) -> None:
    """The first run ends while the burst lasts; the end of the burst does not move."""
    client = system.temporal.client
    await complete_session_rows(system.database, client, wizard.session_id)
    first_run = await run_of(client, wizard.session_id)
    async with typing(wizard):
        await wizard.save("organizerSetup", {"name": CANARIES[0]})
        progress = (await wizard.view(consistent="true"))["completion_percentage"]
        assert await attribute_of(system, wizard, PROGRESS) < progress

        async def is_indexed() -> bool:
            return bool(await attribute_of(system, wizard, PROGRESS) >= progress)

        await new_run_after(client, wizard.session_id, first_run)
        await pass_time(system, wizard, MOST_OF_A_BURST)
        await eventually(is_indexed, what="the progress in Temporal's list")


async def wizard_created(wizard: Wizard, system: System) -> datetime:
    described = await session_handle(system.temporal.client, wizard.session_id).describe()
    return described.start_time


async def test_details_show_stage_and_progress(system: System, wizard: Wizard) -> None:
    wizard = await at_venue(wizard.http)

    async def has_details() -> str | None:
        details = await operator_page_of(system.temporal.client, wizard.session_id)
        return details if "/address" in details else None

    details = await eventually(has_details, what="current details")
    view = await wizard.view()
    assert "**in_progress** at **venueSetup**" in details
    assert f"{view['completion_percentage']}%" in details
    assert "`venueSetup/capacity`" in details
    for stage, percentage in view["completion_details"].items():
        assert re.search(rf"{stage} +{percentage}%", details)


async def test_details_show_the_publication(system: System, wizard: Wizard) -> None:
    wizard = await start_filled(wizard.http)
    await wizard.post("/publish")
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)

    details = await operator_page_of(system.temporal.client, wizard.session_id)

    assert "**completed**" in details
    assert "Publication: published" in details
    for step in ("revalidate", "reserve", "publish"):
        assert f"- {step}: done 20" in details


async def test_a_session_is_found_by_its_publication(api: System) -> None:
    """Scheduled, then failed, then published."""
    async with client_for(api.address, token("ada")) as http:
        async with running_worker(api):
            wizard = await start_filled(http)
            at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
            await wizard.post("/publish", {"publish_at": at})
            await is_found_with(api, wizard, "scheduled")
        workflow_id = ids.session_workflow_id(wizard.session_id)
        refusing = Fault(workflow_id, "reserve_event", "before", fail_for_good)
        async with running_worker(api, interceptors=[refusing]):
            await wizard.post("/publish")
            await is_found_with(api, wizard, "failed")
            details = await operator_page_of(api.temporal.client, wizard.session_id)
            assert "- reserve: **failed**" in details
            assert "What to do" in details
        async with running_worker(api):
            await wizard.post("/publish")
            await is_found_with(api, wizard, "published")


async def is_found_with(system: System, wizard: Wizard, publication: str) -> None:
    workflow_id = ids.session_workflow_id(wizard.session_id)

    async def is_found() -> bool:
        query = f'WorkflowId="{workflow_id}" AND WizardPublication="{publication}"'
        return await found_by(system, query) == [workflow_id]

    await eventually(is_found, what=f"a publication that is {publication}, in Temporal's list")


@pytest.mark.parametrize("org", [None, "heart-of-gold"])
async def test_operators_see_no_input(system: System, org: str | None) -> None:
    email = f"{CANARIES[1]}@example.com"
    async with client_for(system.address, token("u-1", org=org, email=email)) as http:
        wizard = await at_venue(http)
        await wizard.save("venueSetup", {"accessNote": CANARIES[0]}, prefer="respond-async")
        await wizard.complete("venueSetup")
        await wizard.post("/publish")
    await settle(system.temporal.client, wizard.session_id)
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)

    described = await session_handle(system.temporal.client, wizard.session_id).describe()
    texts = [
        await operator_page_of(system.temporal.client, wizard.session_id),
        *await texts_of(described),
        *await texts_in_history(system, wizard),
    ]

    assert len(texts) > 10
    for text in texts:
        assert not [canary for canary in CANARIES if canary.casefold() in text.casefold()], text


async def texts_of(described: WorkflowExecutionDescription) -> list[str]:
    return [
        described.id,
        str(await described.static_summary()),
        str(await described.static_details()),
        str(await described.memo()),
        *(f"{pair.key.name}={pair.value}" for pair in described.typed_search_attributes),
    ]


async def texts_in_history(system: System, wizard: Wizard) -> list[str]:
    """The texts that are readable without decoding payloads: summaries, ids, search attributes."""
    histories = await histories_of(system.temporal.client, wizard.session_id)
    events = [event for history in histories for event in history.events]
    upserts = [
        str(event.upsert_workflow_search_attributes_event_attributes)
        for event in events
        if event.HasField("upsert_workflow_search_attributes_event_attributes")
    ]
    activities = [
        event.activity_task_scheduled_event_attributes.activity_id
        for event in events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    summaries = [str(event.user_metadata) for event in events if event.HasField("user_metadata")]
    return [*upserts, *activities, *summaries]
