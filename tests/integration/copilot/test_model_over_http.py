"""The agent by a model against a server with OpenAI's Chat Completions, over HTTP and streamed."""

from collections.abc import AsyncIterator

import pytest

from copilot.conversation import Reply, ToolCall, Turn, Words
from copilot.model.agents import ModelAgent
from copilot.model.fallback import AgentWithFallback, ModelFailed
from copilot.model.options import ModelName, ModelOptions
from copilot.model.providers import model_of
from copilot.texts import ENGLISH
from tests.support.chat_completions import (
    KEY,
    MODEL,
    Answer,
    ChatCompletionsServer,
    Cut,
    FunctionCall,
    running_chat_completions,
)
from tests.unit.copilot.agent.conversations import (
    CAPABILITIES,
    answered,
    calls,
    result,
    said,
    turn,
)

MODEL_FAILED = ENGLISH.text("model_failed")

ASKED = turn(said("Prices in euros"))


@pytest.fixture
async def server() -> AsyncIterator[ChatCompletionsServer]:
    async with running_chat_completions() as stand_in:
        yield stand_in


async def respond(
    server: ChatCompletionsServer, asked: Turn
) -> tuple[list[Reply], list[ModelFailed]]:
    options = ModelOptions(
        ModelName.parse(f"openai:{MODEL}"), api_key=KEY, base_url=server.url, max_tokens=500
    )
    model = ModelAgent(model_of(options), max_tokens=options.max_tokens)
    failures: list[ModelFailed] = []
    agent = AgentWithFallback(model, failures.append)
    return [reply async for reply in agent.respond(asked, CAPABILITIES)], failures


async def test_answer_and_result_of_a_call_over_http(server: ChatCompletionsServer) -> None:
    save = FunctionCall("autosaveTicketData", '{"currency": "eur"}')
    server.script = [["One ", "moment.", save], ["Saved."]]
    replies, _ = await respond(server, ASKED)
    *words, made = replies
    assert words == [Words("One "), Words("moment.")]
    assert isinstance(made, ToolCall)
    assert (made.tool, made.arguments) == ("autosaveTicketData", {"currency": "eur"})

    continued = turn(*ASKED.messages, answered("One moment.", made), result(made.call_id, {}))
    assert await respond(server, continued) == ([Words("Saved.")], [])

    first, second = server.requests
    assert (first["model"], first["stream"], first["max_tokens"]) == (MODEL, True, 500)
    assert [message["role"] for message in first["messages"]] == ["system", "user", "user"]
    offered = {tool["function"]["name"] for tool in first["tools"]}
    assert {"autosaveTicketData", "publishEvent"} <= offered
    assert "confirmPublish" not in offered
    roles = ["system", "user", "assistant", "tool", "user"]
    assert [message["role"] for message in second["messages"]] == roles
    assert second["messages"][3]["tool_call_id"] == made.call_id
    assert server.keys == {f"Bearer {KEY}"}


@pytest.mark.parametrize("script", [[500, ["Here."]], [[Cut()], ["Here."]]])
async def test_passing_failure_is_tried_once_more(
    script: list[Answer], server: ChatCompletionsServer
) -> None:
    server.script = script
    assert await respond(server, ASKED) == ([Words("Here.")], [])
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("script", "requests"),
    [
        ([401], 1),
        ([429], 1),
        ([503], 2),
        ([["Let me", Cut()]], 1),
        ([[FunctionCall("undoLast", '{"x')]], 2),
    ],
)
async def test_failure_leaves_the_answer_to_the_rules(
    script: list[Answer], requests: int, server: ChatCompletionsServer
) -> None:
    server.script = script
    replies, failures = await respond(server, ASKED)
    said_in_all = "".join(reply.text for reply in replies if isinstance(reply, Words))
    made = [(reply.tool, reply.arguments) for reply in replies if isinstance(reply, ToolCall)]
    assert MODEL_FAILED in said_in_all
    assert made == calls(ASKED)
    assert len(failures) == 1
    assert len(server.requests) == requests
