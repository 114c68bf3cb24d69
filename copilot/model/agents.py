"""The agent by a language model: pydantic-ai, with the table of tools, instructions and context.

A turn is one run: the model says words and calls tools, and the browser runs the calls afterwards.
Their results begin the next run.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

import pydantic_ai
from pydantic_ai import Agent, AgentRunResultEvent, DeferredToolRequests, RunContext
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    UnexpectedModelBehavior,
)
from pydantic_ai.messages import (
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import UsageLimits

from copilot.agent.capabilities import Capabilities
from copilot.agent.replies import Use, call_id
from copilot.conversation import (
    MAX_ARGUMENT_BYTES,
    MAX_CALLS_PER_MESSAGE,
    Reply,
    ToolCall,
    Turn,
    Words,
)
from copilot.model.fallback import ModelFailed
from copilot.model.history import history_of, instructions_of
from copilot.model.options import DEFAULT_MAX_TOKENS
from copilot.model.tools import toolsets_for

pydantic_ai.BANNER_ENABLED = False  # standard error contains log lines only

FIRST_EVENT_TIMEOUT: Final = 20.0
"""Seconds within which a model must begin to answer. After that, the person reads along."""

TURN_TIMEOUT: Final = 60.0
"""Seconds of one attempt, with all its requests."""

REQUESTS_PER_TURN: Final = 4
"""Each tool that reads, and each call that was wrong, needs one more."""

_FINAL: Final = (
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
)
"""Errors of a provider after which another attempt would fail as well, or take as long again."""


class ModelAgent:
    """Answers turns by a model of pydantic-ai. Several turns may be answered at the same time."""

    def __init__(self, model: Model, *, max_tokens: int = DEFAULT_MAX_TOKENS) -> None:
        self._agent: Agent[Turn, str | DeferredToolRequests] = Agent(
            model,
            name="assistant",
            deps_type=Turn,
            output_type=[str, DeferredToolRequests],
            instructions=_instructions,
            model_settings=ModelSettings(
                max_tokens=max_tokens,
                max_retries=0,  # the attempts are counted here
                first_event_timeout=FIRST_EVENT_TIMEOUT,
            ),
        )

    async def respond(self, turn: Turn, capabilities: Capabilities) -> AsyncGenerator[Reply, None]:
        """Words as they come, then the calls. If the model fails before it has said anything, it is
        asked once more.

        Raises:
            ModelFailed: the answer is not complete. No call was made.
        """
        if not history_of(turn):
            return
        has_retry = True
        while True:
            begun = False
            try:
                async with aclosing(self._attempt(turn, capabilities)) as replies:
                    async for reply in replies:
                        begun = True
                        yield reply
            except Exception as error:
                if begun or not has_retry or not _may_pass(error):
                    raise ModelFailed(_described(error)) from error
                has_retry = False
            else:
                return

    async def _attempt(self, turn: Turn, capabilities: Capabilities) -> AsyncGenerator[Reply, None]:
        output: object = None
        begun, gap = False, ""
        async with self._agent.run_stream_events(
            message_history=history_of(turn),
            deps=turn,
            toolsets=toolsets_for(turn, capabilities),
            usage_limits=UsageLimits(request_limit=REQUESTS_PER_TURN),
            timeout=TURN_TIMEOUT,
        ) as events:
            async for event in events:
                if isinstance(event, PartStartEvent) and begun:
                    gap = "\n\n"
                if words := _words_in(event):
                    yield Words(gap + words)
                    begun, gap = True, ""
                elif isinstance(event, AgentRunResultEvent):
                    output = event.result.output
        calls = _calls_of(output, turn) if isinstance(output, DeferredToolRequests) else []
        if not begun and not calls:
            raise UnexpectedModelBehavior("The model has said nothing and called nothing")
        for call in calls:
            yield call


def _instructions(ctx: RunContext[Turn]) -> str:
    return instructions_of(ctx.deps)


def _words_in(event: object) -> str:
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _calls_of(requests: DeferredToolRequests, turn: Turn) -> list[ToolCall]:
    """
    Raises:
        UnexpectedModelBehavior: more calls or longer arguments than a conversation may have.
        ValueError: arguments are no JSON object.
    """
    uses = [
        Use(call.tool_name, call.args_as_dict(raise_if_invalid=True)) for call in requests.calls
    ]
    longest = max((len(json.dumps(use.arguments)) for use in uses), default=0)
    if len(uses) > MAX_CALLS_PER_MESSAGE or longest > MAX_ARGUMENT_BYTES:
        raise UnexpectedModelBehavior("The model has called too much")
    return [
        ToolCall(call_id(turn, index, use), use.tool, use.arguments)
        for index, use in enumerate(uses)
    ]


def _may_pass(error: Exception) -> bool:
    return isinstance(error, ModelAPIError) and not isinstance(error, _FINAL)


def _described(error: Exception) -> str:
    """Without the provider's text, which may quote the conversation."""
    status = f" {error.status_code}" if isinstance(error, ModelHTTPError) else ""
    return f"{type(error).__name__}{status}"
