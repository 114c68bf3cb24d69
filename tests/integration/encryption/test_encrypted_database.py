"""Readable data of a whole session in the files of Temporal's database."""

from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType

from domain import ids
from tests.integration.encryption.deployments import Deployments, with_client
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.api import client_for, token
from tests.support.payload_keys import key
from tests.support.processes import Processes
from tests.support.stage_data import free_event
from tests.support.wizard import Wizard, publish, start

PERSONAL: dict[str, dict[str, Any]] = {
    "organizerSetup": {
        "name": "Ada Lovelace",
        "email": "ada.lovelace@analytical.example",
        "phone": "+12125550123",
        "bio": "Wrote the first program.",
    },
    "eventSetup": {"title": "An Evening with the Engine"},
    "venueSetup": {
        "address": {"line1": "12 Saint James Square", "city": "New York", "country": "US"}
    },
}
TYPED = (
    b"Ada Lovelace",
    b"ada.lovelace@analytical.example",
    b"+12125550123",
    b"Wrote the first program.",
    b"An Evening with the Engine",
    b"12 Saint James Square",
    b"ada@example.com",  # of the token
    b"is no such date",  # refused as a date
    b"Lovelace of the wrong type",  # refused as a field
)


async def play(deployments: Deployments, *key_ids: str) -> Wizard:
    """Plays a session to its publication, with a refused change, a refused stage and a failure."""
    async with deployments.whole(*key_ids) as http:
        wizard = await start(http)
        refused = await wizard.save("eventSetup", {"titel": "Lovelace of the wrong type"})
        assert refused.status_code == 422
        incomplete = await wizard.complete("organizerSetup", {"email": "is no such date"})
        assert (incomplete.status_code, incomplete.json()["code"]) == (422, "stage_incomplete")
        for stage, data in free_event().items():
            done = await wizard.complete(stage, {**data, **PERSONAL.get(stage, {})})
            assert done.status_code == 200, done.text
    fault = Fault(
        ids.session_workflow_id(wizard.session_id),
        "publish_event",
        "before",
        fail_for_good,
    )
    async with deployments.whole(*key_ids, interceptors=[fault]) as http:
        failed = await with_client(wizard, http).post("/publish")
        assert failed.status_code == 409, failed.text
    async with deployments.whole(*key_ids) as http:
        await publish(with_client(wizard, http))
    return wizard


@pytest.mark.parametrize("key_ids", [(), ("k1",)], ids=["without keys", "with keys"])
async def test_temporals_database_files_hold_no_input(
    deployments: Deployments, key_ids: tuple[str]
) -> None:
    wizard = await play(deployments, *key_ids)

    kept = deployments.bytes_of_the_database()

    assert wizard.session_id.encode() in kept
    assert b"WizardSession" in kept
    readable = [text for text in TYPED if text in kept]
    if key_ids:
        assert readable == []
    else:
        assert set(readable) == set(TYPED) - {b"Lovelace of the wrong type"}, (
            "the test must be able to find input"
        )


async def test_the_failed_step_shows_its_code_and_no_message(deployments: Deployments) -> None:
    wizard = await play(deployments, "k1")

    [failed] = [
        event.activity_task_failed_event_attributes.failure
        for event in await deployments.history(wizard)
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED
    ]

    assert failed.application_failure_info.type == "simulated_failure"
    assert failed.message == "Encoded failure"
    assert not failed.stack_trace


async def test_the_processes_take_the_keys_from_their_settings(
    deployments: Deployments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAYLOAD_KEYS", key("k1"))
    processes = Processes(deployments.database, deployments.onlooker, tmp_path)
    try:
        await processes.worker()
        _, address = await processes.api()
        async with client_for(address, token("ada")) as http:
            wizard = await start(http)
            saved = await wizard.complete("organizerSetup", PERSONAL["organizerSetup"])
            assert saved.status_code == 200, saved.text
    finally:
        await processes.end_all()

    history = str(await deployments.history(wizard))
    assert 'value: "k1"' in history
    assert "Lovelace" not in history
