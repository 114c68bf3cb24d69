"""What the agent by rules uses to read a sentence, to suggest and to explain.

They are given to the agent, so that each can be replaced, and the rules are tested without them.
None of them raises: for words without a meaning, the understanding is empty.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copilot.understanding.facts import Circumstances, Option, Question, Understanding
from domain.stages import Stage


@dataclass(frozen=True)
class Idea:
    """A suggested value of one field."""

    stage: Stage
    pointer: str
    """A JSON Pointer into the data of the stage."""
    value: object
    """JSON, as ``PATCH`` accepts it; null if the person has to write it."""
    reason: str
    """Why this value, or what to write; empty if that needs no words."""


@dataclass(frozen=True)
class Capabilities:
    understand: Callable[[str, Circumstances], Understanding]
    """A sentence has the same facts and questions each time that it is read: the agent reads the
    sentences before the last one again."""
    suggest: Callable[[Stage, Circumstances], Sequence[Idea]]
    """Only for fields that are empty. The same circumstances give the same ideas."""
    explain: Callable[[Stage, str, str], str | None]
    """By the stage, the pointer and the locale: what a field is for, its limits and an example."""
    question_text: Callable[[Question], str]
    """A sentence that asks."""
    """A sentence that asks."""
    option_text: Callable[[Option], str]
    """A few words, unlike those of the question's other options."""
