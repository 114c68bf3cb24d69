"""An onboarding link is only in the response that returns it."""

import json
import logging

import pytest
from temporalio.api.enums.v1 import EventType

from tests.support.paid_sessions import connect
from tests.support.postgres import tables_with
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import session_handle
from tests.support.system import System
from tests.support.wizard import Wizard

HANDED_OVER = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
}
"""The results that contain the link: of the activity that creates it, and of the update."""


async def test_an_onboarding_link_is_neither_stored_nor_logged(
    system: System,
    wizard: Wizard,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)

    connected = await connect(wizard)

    token = connected["onboarding_url"].rpartition("/")[2]
    assert len(token) >= 16
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    assert await tables_with(system.database, connected["account_id"])
    assert await tables_with(system.database, token) == []
    out, err = capfd.readouterr()
    assert wizard.session_id in caplog.text + out + err
    assert token not in caplog.text + out + err
    for shown in (
        await wizard.get(),
        await wizard.get(consistent="true"),
        await wizard.get("/actions"),
    ):
        assert token not in shown.text
    assert await kept_by_temporal(system, wizard, token) <= HANDED_OVER


async def kept_by_temporal(system: System, wizard: Wizard, token: str) -> set[int]:
    """The types of history events that contain the token, in payloads too."""
    handle = session_handle(system.temporal.client, wizard.session_id)
    description = await handle.describe()
    assert token.encode() not in description.raw_description.SerializeToString()
    event_types = set()
    async for event in handle.fetch_history_events():
        if token.encode() in event.SerializeToString():
            event_types.add(int(event.event_type))
    return event_types


async def test_an_onboarding_link_is_not_cached(wizard: Wizard) -> None:
    response = await wizard.post(
        "/payments/connect",
        {"return_url": "https://app.example/a", "refresh_url": "https://app.example/b"},
    )

    assert response.headers["cache-control"] == "no-store"
    assert json.loads(response.text)["expires_at"]
