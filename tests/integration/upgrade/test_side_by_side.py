"""Releases that run side by side: an earlier API with this worker, this API with an earlier one."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain import ids
from domain.json_values import JsonObject
from domain.session.run_rules import CHANGES_PER_RUN
from tests.integration.upgrade.earlier_release import EarlierWizardSession
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import session_handle
from tests.support.stage_data import free_event
from tests.support.system import System, running_worker
from tests.support.wizard import Wizard, fill_in, start
from workers import sessions


class EarlierApi:
    """Sends updates in the form of an earlier release."""

    def __init__(self, system: System, wizard: Wizard, user: str) -> None:
        self._handle = session_handle(system.temporal.client, wizard.session_id)
        self._actor = {"user_id": user}

    async def save(self, stage: str, data: JsonObject, key: str | None = None) -> JsonObject:
        return await self._send(ids.UPDATE_SAVE_STAGE, key, stage=stage, data=data)

    async def complete(self, stage: str, data: JsonObject, key: str) -> JsonObject:
        return await self._send(ids.UPDATE_COMPLETE_STAGE, key, stage=stage, data=data)

    async def _send(self, name: str, key: str | None, **arguments: Any) -> JsonObject:
        message = {"actor": self._actor, "fingerprint": "f" * 32, **arguments}
        answer: JsonObject = await self._handle.execute_update(
            name, message, id=key or uuid4().hex, result_type=JsonObject
        )
        return answer


async def test_an_earlier_api_gets_the_whole_session(
    system: System, wizard: Wizard, user: str
) -> None:
    earlier = EarlierApi(system, wizard, user)
    await earlier.save("eventSetup", {"title": "Spring Show"})

    answer = await earlier.save("organizerSetup", {"name": "Ada"})

    view = await wizard.view(consistent="true")
    assert answer["stages"] == view["stages"]
    assert answer["revision"] == view["revision"] == 2
    assert [action["sections"] for action in answer["actions"]] == [{"organizer": {"name": "Ada"}}]


async def test_an_earlier_api_repeats_its_requests(
    system: System, wizard: Wizard, user: str
) -> None:
    earlier = EarlierApi(system, wizard, user)
    await earlier.save("organizerSetup", {"name": "first"}, key="k")
    with pytest.raises(WorkflowUpdateFailedError):
        await earlier.complete("eventSetup", {"title": "Show"}, key="refused")
    for number in range(CHANGES_PER_RUN + 2):
        await earlier.save("venueSetup", {"name": f"Hall {number}"})

    repeated = await earlier.save("organizerSetup", {"name": "first"}, key="k")
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await earlier.complete("eventSetup", {"title": "Show"}, key="refused")

    assert repeated["stages"] == (await wizard.view(consistent="true"))["stages"]
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type in {"stage_incomplete", "stage_mismatch"}


async def test_this_api_completes_the_answers_of_an_earlier_worker(
    api: System, ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session goes from the earlier worker to this one as it continues as new."""
    wizard = await start(ada)
    with monkeypatch.context() as earlier:
        earlier.setattr(sessions, "WizardSession", EarlierWizardSession)
        async with running_worker(api):
            for number in range(3):
                saved = await wizard.save("organizerSetup", {"name": f"Ada {number}"})
                assert saved.json() == await wizard.view(consistent="true")
            refused = await wizard.complete("organizerSetup", {"name": "A"}, idempotency_key="k")
            assert refused.status_code == 422
            assert refused.json()["session"] == await wizard.view(consistent="true")
            again = await wizard.save("organizerSetup", {"name": "B" * 5}, idempotency_key="s")
            await wizard.save("organizerSetup", {"name": "C" * 5})
            repeated = await wizard.save("organizerSetup", {"name": "B" * 5}, idempotency_key="s")
            assert again.status_code == repeated.status_code == 200
            for number in range(CHANGES_PER_RUN):
                await wizard.save("venueSetup", {"name": f"Hall {number}"})

    async with running_worker(api):
        for number in range(CHANGES_PER_RUN):
            saved = await wizard.save("venueSetup", {"name": f"Hall {number} again"})
            assert saved.status_code == 200, saved.text
        assert saved.json() == await wizard.view(consistent="true")
        await fill_in(wizard, free_event())
        await complete_session_rows(api.database, api.temporal.client, wizard.session_id)
