"""From the steps of an answer to replies: words, and calls with their ids."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from copilot.conversation import AnswerChoice, Choices, Reply, ToolCall, Turn, Words
from domain.json_values import JsonObject


@dataclass(frozen=True)
class Use:
    """A call of a tool that has no id yet."""

    tool: str
    arguments: JsonObject = field(default_factory=dict)


Step = str | Use | Choices
"""A line of the answer, a call, or what can be answered by a button."""

_ENTRY: Final = re.compile(r"- |\d+\. ")
"""Of a list, in Markdown."""


def replies_of(turn: Turn, steps: Iterable[Step]) -> Iterator[Reply]:
    """The replies. A tool that the client cannot run becomes a sentence.

    There are choices only if no call follows: its result has an answer of its own.
    """
    offered = {tool.name for tool in turn.tools}
    before = ""
    has_called = said_cannot = False
    choices: dict[AnswerChoice, None] = {}
    for index, step in enumerate(steps):
        if isinstance(step, Choices):
            choices |= dict.fromkeys(step.choices)
        elif isinstance(step, Use) and step.tool in offered:
            yield ToolCall(call_id(turn, index, step), step.tool, step.arguments)
            before = ""
            has_called = True
        elif isinstance(step, str) or not said_cannot:
            line = step if isinstance(step, str) else turn.language.text("cannot")
            said_cannot = said_cannot or not isinstance(step, str)
            yield Words(f"{_break_between(before, line)}{line}")
            before = line
    if choices and not has_called:
        yield Choices(tuple(choices))


def _break_between(before: str, line: str) -> str:
    """Clients show Markdown, in which a line belongs to the entry of a list above it, unless there
    is an empty line between them."""
    if not before:
        return ""
    return "\n\n" if _ENTRY.match(before) and not _ENTRY.match(line) else "\n"


def call_id(turn: Turn, index: int, use: Use) -> str:
    """Made from the conversation: if the answer to the same message is asked for again, its calls
    have the same ids, and the change is made once."""
    said = [
        (message.message_id, message.role.value, message.text, message.call_id)
        for message in turn.messages
    ]
    content = [turn.context.session_id, said, index, use.tool, use.arguments]
    return str(uuid5(NAMESPACE_OID, json.dumps(content, sort_keys=True)))
