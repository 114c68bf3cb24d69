"""The routes that CopilotKit's clients use, and what a front end reads beside them."""

from uuid import uuid4

import pytest

from copilot.context import checks_digest
from domain.validation.check_codes import Check
from tests.support.api import SignIn
from tests.support.assistant import Chat
from tests.support.problem_documents import assert_problem, error_places
from tests.support.stage_data import free_event
from tests.support.wizard import Wizard, fill_in

AGENT = "/v1/copilot/agent/default"


async def test_the_runtime_describes_its_agent(wizard: Wizard) -> None:
    info = (await wizard.http.get("/v1/copilot/info")).json()

    assert info["version"] == "1.74.0"
    assert info["mode"] == "sse"
    assert info["agents"]["default"]["name"] == "default"
    assert info["agents"]["default"]["className"]
    assert not any(info["threadEndpoints"].values())


async def test_an_agent_is_run_by_its_path(wizard: Wizard) -> None:
    chat = Chat(wizard.http, wizard.session_id, path=f"{AGENT}/run")

    assert (await chat.say("What is missing?")).kinds[-1] == "RUN_FINISHED"


@pytest.mark.parametrize("action", ["run", "connect", "stop/0b0e7c1a-0000-4000-8000-000000000001"])
async def test_another_agent_is_not_found(wizard: Wizard, action: str) -> None:
    chat = Chat(wizard.http, wizard.session_id, path=f"/v1/copilot/agent/other/{action}")

    assert_problem(await chat.post(), 404, "agent_not_found")


async def test_stopping_without_a_run_stops_nothing(wizard: Wizard) -> None:
    response = await wizard.http.post(f"{AGENT}/stop/{uuid4()}")

    assert response.json() == {"stopped": False}


async def test_the_situation_has_tools_and_checks_of_the_stage(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())

    situation = (await wizard.get("/copilot", device="mobile", locale="de-DE")).json()

    context = situation["context"]
    assert context["stage"] == "reviewPublish"
    assert context["device"] == "mobile"
    assert "de-DE" in situation["instructions"]
    names = {tool["name"] for tool in situation["tools"]}
    assert {"completeReviewPublish", "confirmPublish", "runChecks"} <= names
    assert "completeEventSetup" not in names
    checks = [Check.model_validate(check) for check in context["checks"]]
    assert situation["checks_digest"] == checks_digest(context["revision"], checks)


async def test_the_situation_has_suggestions_for_a_stage(wizard: Wizard) -> None:
    await wizard.save("eventSetup", {"title": "The Hat Room", "type": "popup"})

    shown = (await wizard.get("/copilot", stage="eventSetup", timezone="Europe/Lisbon")).json()

    suggested = {suggestion["pointer"] for suggestion in shown["suggestions"]}
    assert {"/startTime", "/timezone"} <= suggested
    assert "/title" not in suggested
    assert all(suggestion["text"] for suggestion in shown["suggestions"])


async def test_a_malformed_situation_is_refused_by_parameter(wizard: Wizard) -> None:
    refusal = assert_problem(await wizard.get("/copilot", device="watch"), 422, "invalid_request")

    assert error_places(refusal) == [("/query/device", "invalid_choice")]


async def test_the_situation_of_another_tenant_is_not_found(
    wizard: Wizard, sign_in: SignIn
) -> None:
    stranger = Wizard(sign_in("eve", "globex"), wizard.session_id)

    assert_problem(await stranger.get("/copilot"), 404, "session_not_found")
