"""The rules beside the model: they answer if it fails, and decide about the publication."""

import subprocess
import sys

import pytest
from pydantic_ai.exceptions import ModelAPIError

from copilot.context import checks_digest
from copilot.conversation import ToolCall, Words
from copilot.texts import ENGLISH
from tests.unit.copilot.agent.conversations import answered, replies, result, said, turn
from tests.unit.copilot.model.models import call, calls, respond_or_fall_back, words

MODEL_FAILED = ENGLISH.text("model_failed")

LOST = ModelAPIError("m", "connection lost")
ASKED = turn(said("Prices in euros"))


async def test_model_answers_alone_while_it_works() -> None:
    assert await respond_or_fall_back(ASKED, ("Hello.",)) == ([Words("Hello.")], [])


@pytest.mark.parametrize(
    ("said_before", "notice"), [((), MODEL_FAILED), (("Let me",), f"Let me\n\n{MODEL_FAILED}")]
)
async def test_rules_go_on_and_say_so(said_before: tuple[str, ...], notice: str) -> None:
    answer, failures = await respond_or_fall_back(ASKED, (*said_before, LOST))
    by_rules = replies(ASKED)
    assert words(answer).startswith(f"{notice}\n")
    assert calls(answer) == calls(by_rules) != []
    assert [str(failure) for failure in failures] == ["ModelAPIError"]


async def test_rules_begin_the_conversation() -> None:
    answer, failures = await respond_or_fall_back(turn(), (LOST,))
    assert (words(answer), failures) == (ENGLISH.text("help"), [])


@pytest.mark.parametrize("is_as_checked", [True, False])
async def test_rules_publish_what_the_person_has_confirmed(*, is_as_checked: bool) -> None:
    """The model is not even asked: it might call something else, or nothing."""
    digest = checks_digest(7 if is_as_checked else 6, [])
    asked = ToolCall("call-1", "publishEvent", {})
    body = {"confirmed": True, "revision": 7, "checks_digest": digest}
    confirmed = turn(said("publish"), answered("", asked), result("call-1", body))
    answer, failures = await respond_or_fall_back(confirmed, (call("undoLast"),))
    expected = {"revision": 7, "checks_digest": digest}
    published = [("confirmPublish", expected)] if is_as_checked else []
    assert [(made.tool, made.arguments) for made in calls(answer)] == published
    assert failures == []


async def test_model_explains_a_refused_publication() -> None:
    asked = ToolCall("call-1", "publishEvent", {})
    body = {"status": 409, "code": "publish_blocked"}
    refused = turn(said("publish"), answered("", asked), result("call-1", body))
    assert await respond_or_fall_back(refused, ("Not yet.",)) == ([Words("Not yet.")], [])


def test_pydantic_ai_is_not_loaded_without_a_model() -> None:
    loaded = (
        "import sys, api.app, copilot.model.fallback, copilot.model.options; "
        "print([name for name in ('pydantic_ai', 'openai', 'anthropic') if name in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"
