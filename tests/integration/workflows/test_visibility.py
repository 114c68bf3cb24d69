"""What operators find and see in Temporal, and what they must not see there."""

from datetime import datetime

import httpx
import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowExecutionDescription

from domain import ids
from tests.support.gateway import Wizard, client_for, start, token
from tests.support.histories import histories_of
from tests.support.records import complete_records, handle_of
from tests.support.samples import free_event
from tests.support.sessions import filled
from tests.support.system import System
from tests.support.waiting import eventually

CANARIES = ("Zaphod Quuxworth", "zaphod.canary", "Wobble Gala", "Canary Row 7")


async def found_by(system: System, query: str) -> list[str]:
    return [each.id async for each in system.temporal.client.list_workflows(query)]


async def details_of(system: System, wizard: Wizard) -> str:
    metadata: WorkflowMetadata = await handle_of(system.temporal.client, wizard.session_id).query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    return metadata.current_details


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


async def wizard_created(wizard: Wizard, system: System) -> datetime:
    described = await handle_of(system.temporal.client, wizard.session_id).describe()
    return described.start_time


async def test_details_tell_where_the_session_stands(system: System, wizard: Wizard) -> None:
    wizard = await at_venue(wizard.http)

    async def is_told() -> str | None:
        details = await details_of(system, wizard)
        return details if "/address" in details else None

    details = await eventually(is_told, what="current details")
    view = await wizard.view()
    assert "**in_progress** at **venueSetup**" in details
    assert f"{view['completion_percentage']} %" in details
    assert "`venueSetup/capacity`" in details
    for stage, percentage in view["completion_details"].items():
        assert f"{stage}" in details
        assert f"| {percentage} % |" in details


async def test_details_tell_how_the_publication_went(system: System, wizard: Wizard) -> None:
    wizard = await filled(wizard.http)
    await wizard.post("/publish")
    await complete_records(system.database, system.temporal.client, wizard.session_id)

    details = await details_of(system, wizard)

    assert "**completed**" in details
    assert "Publication: published" in details
    for step in ("revalidate", "reserve", "publish"):
        assert f"✅ {step}" in details


@pytest.mark.parametrize("org", [None, "heart-of-gold"])
async def test_operators_see_nothing_that_a_person_typed(system: System, org: str | None) -> None:
    email = f"{CANARIES[1]}@example.com"
    async with client_for(system.address, token("u-1", org=org, email=email)) as http:
        wizard = await at_venue(http)
        await wizard.save("venueSetup", {"accessNote": CANARIES[0]}, prefer="respond-async")
        await wizard.complete("venueSetup")
        await wizard.post("/publish")
    await complete_records(system.database, system.temporal.client, wizard.session_id)

    described = await handle_of(system.temporal.client, wizard.session_id).describe()
    seen = [
        await details_of(system, wizard),
        *await texts_of(described),
        *await texts_in_history(system, wizard),
    ]

    assert len(seen) > 10
    for text in seen:
        assert not [each for each in CANARIES if each.casefold() in text.casefold()], text


async def texts_of(described: WorkflowExecutionDescription) -> list[str]:
    return [
        described.id,
        str(await described.static_summary()),
        str(await described.static_details()),
        str(await described.memo()),
        *(f"{pair.key.name}={pair.value}" for pair in described.typed_search_attributes),
    ]


async def texts_in_history(system: System, wizard: Wizard) -> list[str]:
    """All that shows without opening a payload: summaries, ids, search attributes."""
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
