"""The agents that answer: by rules, and the shape that one by a model has."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from copilot import understanding
from copilot.agent.capabilities import Capabilities, Idea
from copilot.agent.rules import RulesAgent
from copilot.conversation import Reply, Turn
from copilot.questions import option_text, question_text
from copilot.suggestions.basis import OwnEvent
from copilot.suggestions.explanations import explain
from copilot.suggestions.suggest import suggest
from copilot.understanding.facts import Circumstances
from domain.stages import Stage


class Agent(Protocol):
    def respond(self, turn: Turn, own_events: Sequence[OwnEvent]) -> AsyncIterator[Reply]:
        """The replies to a turn, as they come.

        Args:
            own_events: other events of the person's tenant.
        """
        ...


class AgentByRules:
    """Answers without a model: the same turn has the same replies."""

    async def respond(self, turn: Turn, own_events: Sequence[OwnEvent]) -> AsyncIterator[Reply]:
        agent = RulesAgent(capabilities(own_events))
        # In a thread: suggestions assess the session once per value.
        for reply in await asyncio.to_thread(lambda: tuple(agent.respond(turn))):
            yield reply


def capabilities(own_events: Sequence[OwnEvent]) -> Capabilities:
    return Capabilities(
        understand=understanding.understand,
        suggest=_ideas(own_events),
        explain=_explained,
        question_text=question_text,
        option_text=option_text,
    )


def _ideas(
    own_events: Sequence[OwnEvent],
) -> Callable[[Stage, Circumstances], Sequence[Idea]]:
    def ideas(stage: Stage, circumstances: Circumstances) -> Sequence[Idea]:
        return [
            Idea(found.stage, found.pointer, found.value, found.text)
            for found in suggest(stage, circumstances, own_events)
        ]

    return ideas


def _explained(stage: Stage, pointer: str, locale: str) -> str | None:
    explanation = explain(stage, pointer, locale)
    return None if explanation is None else explanation.text
