"""Repeats calls that were refused for a temporary reason."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from copilot.agent.replies import Step, Use
from copilot.agent.results import results_after
from copilot.conversation import ToolCall, Turn


def again(turn: Turn, steps_of: Callable[[Turn], Iterable[Step]]) -> Iterator[Step]:
    """The calls of the last answer that had some: those that were refused, or else the last one.

    Args:
        steps_of: answers a turn.
    """
    messages = turn.messages
    place = next((at for at in reversed(range(len(messages))) if messages[at].calls), None)
    if place is None:
        yield turn.language.text("nothing_to_repeat")
        return
    results = results_after(messages, place)
    refused = [result.call for result in results if result.is_refused]
    for call in refused or [messages[place].calls[-1]]:
        if call.tool == "undoLast":
            yield turn.language.text("look_first")
        elif any(isinstance(value, list) for value in call.arguments.values()):
            yield from _made_anew(call, replace(turn, messages=messages[:place]), steps_of)
        else:
            yield Use(call.tool, call.arguments)


def _made_anew(
    call: ToolCall, before: Turn, steps_of: Callable[[Turn], Iterable[Step]]
) -> Iterator[Step]:
    """The call, from the session as it is now: a list is sent whole, and another person may have
    changed an entry of it since."""
    steps = [step for step in steps_of(before) if isinstance(step, Use) and step.tool == call.tool]
    if steps:
        yield from steps
    else:
        yield before.language.text("say_again")
