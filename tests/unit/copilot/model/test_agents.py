"""The agent by a model: words, calls, the tools that are answered here, and failures."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic_ai.exceptions import ModelAPIError, ModelAuthenticationError, ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart
from pydantic_ai.models.function import AgentInfo

from copilot.conversation import MAX_CALLS_PER_MESSAGE, Words
from copilot.model import agents
from copilot.model.fallback import ModelFailed
from copilot.tools import TOOLS, tool_named
from domain.stages import Stage
from tests.unit.copilot.agent.conversations import CAPABILITIES, answered, said, turn
from tests.unit.copilot.model.models import (
    Said,
    agent,
    call,
    calls,
    replies_of,
    respond,
    script,
    words,
)

ASKED = turn(said("A pop-up called The Hat Room"))
SAVE = call("autosaveEventData", {"title": "The Hat Room"})


async def test_words_are_passed_on_as_they_come() -> None:
    assert await respond(ASKED, ("Which ", "day?")) == [Words("Which "), Words("day?")]


async def test_calls_follow_the_words() -> None:
    replies = await respond(ASKED, ("Saved. ", SAVE, call("completeEventSetup", index=1)))
    assert words(replies[:1]) == "Saved. "
    assert [(made.tool, made.arguments) for made in calls(replies[1:])] == [
        ("autosaveEventData", {"title": "The Hat Room"}),
        ("completeEventSetup", {}),
    ]


async def test_same_call_after_the_same_conversation_has_the_same_id() -> None:
    first, again = [calls(await respond(ASKED, (SAVE,))) for _ in range(2)]
    other = calls(await respond(turn(said("A pop-up called The Hat Room", 2)), (SAVE,)))
    twice = calls(
        await respond(ASKED, (SAVE, call("autosaveEventData", {"title": "The Hat Room"}, index=1)))
    )
    assert first == again
    ids = [made.call_id for made in (*first, *other)]
    assert len(set(ids)) == 2
    assert len({made.call_id for made in twice}) == 2
    assert "theirs-0" not in ids


async def test_model_is_offered_the_client_s_tools_only() -> None:
    offered: list[set[str]] = []

    async def say(_: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Said]:
        offered.append({tool.name for tool in info.function_tools})
        yield "Yes."

    some = [tool for tool in TOOLS if tool.stage in (Stage.EVENT_SETUP, None)]
    for tools in (TOOLS, some, []):
        await replies_of(agent(say), turn(said("help"), tools=tools))
    assert offered == [
        {tool.name for tool in tools} - {"confirmPublish"} for tools in (TOOLS, some, [])
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "found"),
    [
        ("suggestEventDetails", {}, "Spring Hats"),
        ("suggestTicketDetails", {}, "/tiers/1/saleEnd"),
        ("explainField", {"stage": "eventSetup", "pointer": "/slug"}, "About eventSetup/slug."),
        ("explainField", {"stage": "nowhere"}, "There is no such stage."),
        ("fillFromText", {"text": "A pop-up called The Hat Room"}, "The Hat Room"),
        ("fillFromText", {"text": "Doors at 7"}, "In the morning or in the evening?"),
        ("fillFromText", {"text": 7}, "facts"),
        ("whatIsMissing", {}, "checks"),
    ],
)
async def test_tools_that_read_are_answered_here(
    tool: str, arguments: dict[str, object], found: str
) -> None:
    results: list[str] = []

    async def say(messages: list[ModelMessage], _: AgentInfo) -> AsyncIterator[Said]:
        last = messages[-1]
        assert isinstance(last, ModelRequest)
        results.extend(str(part.content) for part in last.parts if isinstance(part, ToolReturnPart))
        if results:
            yield "Here you are."
        else:
            yield "One moment."
            yield call(tool, arguments)

    replies = await replies_of(agent(say), ASKED)
    assert words(replies) == "One moment.\n\nHere you are."
    assert calls(replies) == []
    assert len(results) == 1
    assert found in results[0]
    assert results[0].startswith("<tool_data>")


async def test_call_of_an_unknown_tool_is_returned_to_the_model() -> None:
    replies = await respond(ASKED, (call("deleteEverything"),), ("I cannot do that.",))
    assert replies == [Words("I cannot do that.")]


@pytest.mark.parametrize("arguments", [{"acceptTerms": True}, {"title": "x", "id": 1}, "{", "[]"])
async def test_call_with_other_arguments_never_reaches_the_browser(arguments: object) -> None:
    for tool in ("autosaveReviewData", "autosaveEventData", "completeReviewPublish"):
        assert tool_named(tool) is not None
        replies = await respond(ASKED, (call(tool, arguments),), ("No.",))
        assert replies == [Words("No.")]
        with pytest.raises(ModelFailed):
            await respond(ASKED, (call(tool, arguments),))


async def test_call_without_a_required_argument_is_returned() -> None:
    replies = await respond(ASKED, (call("removeTier"),), (call("removeTier", {"tier": "VIP"}),))
    assert [made.arguments for made in calls(replies)] == [{"tier": "VIP"}]


async def test_too_many_calls_are_none() -> None:
    many = tuple(call("undoLast", index=index) for index in range(MAX_CALLS_PER_MESSAGE + 1))
    with pytest.raises(ModelFailed):
        await respond(ASKED, many)


async def test_arguments_that_are_too_long_are_none() -> None:
    with pytest.raises(ModelFailed):
        await respond(ASKED, (call("autosaveEventData", {"title": "x" * 100_000}),))


async def test_failure_before_the_first_word_is_tried_once_more() -> None:
    lost = ModelAPIError("m", "connection lost")
    assert await respond(ASKED, (lost,), ("Here.",)) == [Words("Here.")]
    with pytest.raises(ModelFailed, match="ModelAPIError"):
        await respond(ASKED, (lost,), (lost,), ("Too late.",))


async def test_failure_after_the_first_word_is_not_tried_again() -> None:
    with pytest.raises(ModelFailed):
        await respond(ASKED, ("Wh", ModelAPIError("m", "connection lost")), ("Here.",))


async def test_request_that_the_provider_refuses_is_not_tried_again() -> None:
    refused = ModelHTTPError.for_category(
        ModelAuthenticationError, status_code=401, model_name="m", body={"key": "sk-secret"}
    )
    with pytest.raises(ModelFailed) as failure:
        await respond(ASKED, (refused,), ("Here.",))
    assert "401" in str(failure.value)
    assert "secret" not in str(failure.value)


async def test_model_that_says_nothing_has_failed() -> None:
    with pytest.raises(ModelFailed):
        await respond(ASKED, ("",))


async def test_model_that_only_reads_is_ended() -> None:
    with pytest.raises(ModelFailed):
        await respond(ASKED, (call("whatIsMissing"),))


@pytest.mark.parametrize(
    ("begin", "limit", "reason"),
    [
        ("", agents.FIRST_EVENT_TIMEOUT, "ModelRequestTimeout"),
        ("Wh", agents.TURN_TIMEOUT, "RunTimedOut"),
    ],
)
async def test_model_that_hangs_is_asked_once(
    begin: str, limit: float, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = 0

    async def say(_: list[ModelMessage], __: AgentInfo) -> AsyncIterator[Said]:
        nonlocal requests
        requests += 1
        if begin:
            yield begin
        advance_clock(limit, monkeypatch)
        await asyncio.Event().wait()
        yield "Too late."

    with pytest.raises(ModelFailed, match=reason):
        await replies_of(agent(say), ASKED)
    assert requests == 1


def advance_clock(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advances the clock of the running event loop, by which timeouts are measured."""
    loop = asyncio.get_running_loop()
    time = loop.time
    monkeypatch.setattr(loop, "time", lambda: time() + seconds)


async def test_replies_may_be_awaited_in_several_tasks() -> None:
    """As the API does, to be able to stop a run."""
    coming = agent(script(("Which ", "day?"))).respond(ASKED, CAPABILITIES)
    first = await asyncio.create_task(anext(coming))
    second = await asyncio.create_task(anext(coming))
    end = await asyncio.create_task(anext(coming, None))
    assert (first, second, end) == (Words("Which "), Words("day?"), None)


async def test_closing_the_answer_ends_the_request() -> None:
    ended = asyncio.Event()

    async def say(_: list[ModelMessage], __: AgentInfo) -> AsyncIterator[Said]:
        try:
            yield "Which "
            await asyncio.Event().wait()
        finally:
            ended.set()

    coming = agent(say).respond(ASKED, CAPABILITIES)
    assert await asyncio.create_task(anext(coming)) == Words("Which ")
    await asyncio.create_task(coming.aclose())
    await asyncio.wait_for(ended.wait(), 5)


async def test_conversation_that_needs_no_answer_has_none() -> None:
    assert await respond(turn(), ("Hello.",)) == []
    assert await respond(turn(said("Hi"), answered("Hello.")), ("Again.",)) == []
