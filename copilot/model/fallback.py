"""The agent by a model, with the agent by rules beside it.

The rules answer in its place if the model fails, and they alone decide what follows a confirmed
publication. So a deployment without its provider, or a text that commands the model, changes what
the assistant says, but not what it can do.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from copilot.agent.capabilities import Capabilities
from copilot.agent.results import results_at_end
from copilot.agent.rules import RulesAgent
from copilot.conversation import Reply, Turn, Words


class ModelFailed(Exception):
    """The model has not answered. The message says why, without texts of people or secrets."""


class StreamingAgent(Protocol):
    def respond(self, turn: Turn, capabilities: Capabilities) -> AsyncGenerator[Reply, None]:
        """
        Raises:
            ModelFailed: the answer is not complete.
        """


@dataclass(frozen=True)
class AgentWithFallback:
    model: StreamingAgent
    on_failure: Callable[[ModelFailed], None]
    """For logs and metrics."""

    async def respond(self, turn: Turn, capabilities: Capabilities) -> AsyncGenerator[Reply, None]:
        if is_for_rules(turn):
            for reply in await _by_rules(turn, capabilities):
                yield reply
            return
        begun = False
        try:
            async with aclosing(self.model.respond(turn, capabilities)) as replies:
                async for reply in replies:
                    begun = True
                    yield reply
        except ModelFailed as failure:
            self.on_failure(failure)
            failed = turn.language.text("model_failed")
            yield Words(f"\n\n{failed}\n" if begun else f"{failed}\n")
            for reply in await _by_rules(turn, capabilities):
                yield reply


async def _by_rules(turn: Turn, capabilities: Capabilities) -> tuple[Reply, ...]:
    """In a thread, because suggestions take a while."""
    agent = RulesAgent(capabilities)
    return await asyncio.to_thread(lambda: tuple(agent.respond(turn)))


def is_for_rules(turn: Turn) -> bool:
    """Whether the rules answer in any case: nothing was said yet, or a person has just answered
    the question to publish. The rules compare the answer with the session, and call
    ``confirmPublish``, which no model is offered."""
    return not turn.messages or any(
        result.call.tool == "publishEvent" and not result.is_refused
        for result in results_at_end(turn.messages)
    )
