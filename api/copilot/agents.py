"""The agents that answer: by rules, or by a model with the rules beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

import structlog

from copilot import understanding
from copilot.agent.capabilities import Capabilities, Idea
from copilot.agent.rules import RulesAgent
from copilot.conversation import Reply, Turn
from copilot.model.fallback import AgentWithFallback, ModelFailed
from copilot.model.options import ModelOptions
from copilot.suggestions.basis import OwnEvent
from copilot.suggestions.explanations import explain
from copilot.suggestions.suggest import suggest
from copilot.texts import Language
from copilot.understanding.facts import Circumstances
from domain.stages import Stage

_log = structlog.get_logger(__name__)


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
        agent = RulesAgent(capabilities(own_events, turn.language))
        # In a thread: suggestions assess the session once per value.
        for reply in await asyncio.to_thread(lambda: tuple(agent.respond(turn))):
            yield reply


class AgentByModel:
    """Answers with a language model, and by rules if it fails."""

    def __init__(self, options: ModelOptions) -> None:
        # Not above: they load pydantic-ai and the library of the provider.
        from copilot.model.agents import ModelAgent  # noqa: PLC0415 - see above
        from copilot.model.providers import model_of  # noqa: PLC0415 - see above

        model = ModelAgent(model_of(options), max_tokens=options.max_tokens)
        self._agent = AgentWithFallback(model, _log_failure)

    def respond(self, turn: Turn, own_events: Sequence[OwnEvent]) -> AsyncIterator[Reply]:
        return self._agent.respond(turn, capabilities(own_events, turn.language))


def agent_for(options: ModelOptions | None) -> Agent:
    """The agent of a deployment, by its settings."""
    return AgentByRules() if options is None else AgentByModel(options)


def _log_failure(failure: ModelFailed) -> None:
    _log.warning("the language model failed", reason=str(failure))


def capabilities(own_events: Sequence[OwnEvent], language: Language) -> Capabilities:
    return Capabilities(
        understand=understanding.understand,
        suggest=_ideas(own_events, language),
        explain=_explained,
        question_text=language.question_text,
        option_text=language.option_text,
    )


def _ideas(
    own_events: Sequence[OwnEvent], language: Language
) -> Callable[[Stage, Circumstances], Sequence[Idea]]:
    def ideas(stage: Stage, circumstances: Circumstances) -> Sequence[Idea]:
        return [
            Idea(found.stage, found.pointer, found.value, found.reason(language))
            for found in suggest(stage, circumstances, own_events)
        ]

    return ideas


def _explained(stage: Stage, pointer: str, locale: str) -> str | None:
    explanation = explain(stage, pointer, locale)
    return None if explanation is None else explanation.text
