"""Models that do what a test says, and the agents that use them."""

import json
from collections.abc import AsyncIterator, Callable

from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from copilot.conversation import Reply, ToolCall, Turn, Words
from copilot.model.agents import ModelAgent
from copilot.model.fallback import AgentWithFallback, ModelFailed, StreamingAgent
from tests.unit.copilot.agent.conversations import CAPABILITIES

Said = str | DeltaToolCalls
Script = Callable[[list[ModelMessage], AgentInfo], AsyncIterator[Said]]


def call(tool: str, arguments: object = None, *, index: int = 0) -> DeltaToolCalls:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or {})
    return {index: DeltaToolCall(tool, text, tool_call_id=f"theirs-{index}")}


def script(*answers: tuple[Said | Exception, ...]) -> Script:
    """Says one answer after the other, one for each request; the last one again and again."""
    asked = 0

    async def say(_: list[ModelMessage], __: AgentInfo) -> AsyncIterator[Said]:
        nonlocal asked
        answer = answers[min(asked, len(answers) - 1)]
        asked += 1
        for part in answer:
            if isinstance(part, Exception):
                raise part
            yield part

    return say


def agent(say: Script) -> ModelAgent:
    return ModelAgent(FunctionModel(stream_function=say))


async def replies_of(answering: StreamingAgent, turn: Turn) -> list[Reply]:
    return [reply async for reply in answering.respond(turn, CAPABILITIES)]


async def respond(turn: Turn, *answers: tuple[Said | Exception, ...]) -> list[Reply]:
    """The replies of the model alone."""
    return await replies_of(agent(script(*answers)), turn)


async def respond_or_fall_back(
    turn: Turn, *answers: tuple[Said | Exception, ...]
) -> tuple[list[Reply], list[ModelFailed]]:
    """The replies of the model and the rules, and the failures of the model."""
    failures: list[ModelFailed] = []
    both = AgentWithFallback(agent(script(*answers)), failures.append)
    return await replies_of(both, turn), failures


def words(replies: list[Reply]) -> str:
    return "".join(reply.text for reply in replies if isinstance(reply, Words))


def calls(replies: list[Reply]) -> list[ToolCall]:
    return [reply for reply in replies if isinstance(reply, ToolCall)]
