"""Sessions outlive keys: encryption switched on, keys rotated, keys lost."""

import logging

import pytest
from structlog.testing import capture_logs
from temporalio.api.enums.v1 import EventType

from tests.integration.encryption.deployments import Deployments, with_client
from tests.support.api import client_for, token
from tests.support.stage_data import free_event
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, published_event, start

STAGES = free_event()


async def complete(wizard: Wizard, *stages: str) -> None:
    for stage in stages:
        done = await wizard.complete(stage, STAGES[stage])
        assert done.status_code == 200, done.text


async def assert_publishes_its_data(wizard: Wizard) -> None:
    event = await published_event(wizard)
    assert event["title"] == STAGES["eventSetup"]["title"]


async def test_a_session_outlives_switching_on_and_a_rotation(deployments: Deployments) -> None:
    async with deployments.whole() as http:
        wizard = await start(http)
        await complete(wizard, "organizerSetup")
    async with deployments.whole("old") as http:
        await complete(with_client(wizard, http), "eventSetup", "venueSetup")
    async with deployments.whole("old", "new") as http:
        await complete(with_client(wizard, http), "ticketSetup")
    async with deployments.whole("new", "old") as http:
        await complete(with_client(wizard, http), "sponsorsMedia", "reviewPublish")
        await assert_publishes_its_data(with_client(wizard, http))

    history = str(await deployments.history(wizard))
    for written in ("json/plain", '"encryption-key-id"', 'value: "old"', 'value: "new"'):
        assert written in history


async def test_a_worker_without_the_key_logs_it_and_loses_nothing(
    deployments: Deployments, caplog: pytest.LogCaptureFixture
) -> None:
    async with deployments.whole("lost") as http:
        wizard = await start(http)
        await complete(wizard, "organizerSetup")

    caplog.set_level(logging.ERROR)
    async with deployments.whole("found") as http:
        stuck = with_client(wizard, http)
        # Temporal accepts both, and they wait for a worker with the key.
        later = await stuck.save("eventSetup", {"dressCode": "Kept"}, prefer="respond-async")
        assert later.status_code == 202, later.text
        refused = await stuck.complete("eventSetup", STAGES["eventSetup"])
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert refused.headers["Retry-After"]
        assert (await stuck.view())["stages"]["organizerSetup"]["valid"], "reads still work"
        consistent = await stuck.get(consistent="true")
        assert (consistent.status_code, consistent.json()["code"]) == (503, "unavailable")

    message = "is encrypted with the key 'lost', which is not in PAYLOAD_KEYS"
    assert message in caplog.text
    failures = [
        event.workflow_task_failed_event_attributes.failure
        for event in await deployments.history(wizard)
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    assert failures
    assert all(message in failure.message for failure in failures), "the UI shows it to operators"

    async with deployments.whole("found", "lost") as http:
        wizard = with_client(wizard, http)

        async def has_the_signal() -> bool:
            consistent = await wizard.get(consistent="true")
            return consistent.is_success and "Kept" in consistent.text

        # Temporal retries a failed task with growing pauses.
        await eventually(has_the_signal, within=90, what="the change that waited")
        await complete(wizard, *list(STAGES)[1:])
        await assert_publishes_its_data(wizard)


async def test_an_api_without_the_key_names_it(
    deployments: Deployments,
) -> None:
    async with deployments.whole("k1") as http:
        wizard = await start(http)

    with capture_logs() as logged:
        async with (
            deployments.worker("k1"),
            deployments.api() as system,
            client_for(system.address, token("ada")) as http,
        ):
            unread = await with_client(wizard, http).complete(
                "organizerSetup", STAGES["organizerSetup"]
            )

    assert (unread.status_code, unread.json()["code"]) == (503, "unavailable")
    [unreadable] = [line for line in logged if line["event"] == "payload unreadable"]
    assert "with the key 'k1', which is not in PAYLOAD_KEYS" in unreadable["reason"]
    async with deployments.whole("k1") as http:
        view = await with_client(wizard, http).view(consistent="true")
        assert view["current_stage"] == "eventSetup", "the change was applied"
