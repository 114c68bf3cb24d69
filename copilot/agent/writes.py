"""What a tool that writes reports: the fields that it saved, and those that it left as they are.

A field is left if it was changed since the answer was made. Only stages and pointers are read: the
agent never reads values that a page or another person has put into a result.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from copilot.agent.field_names import stage_of
from copilot.agent.patches import in_sentence, name_of, path_of
from copilot.agent.texts import text
from domain.stages import Stage
from domain.validation.texts import ENTRY_LABELS, label


def has_report(body: Mapping[str, Any]) -> bool:
    return isinstance(body.get("saved"), list)


def saved_names(body: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(_names(body.get("saved"))))


def kept_text(body: Mapping[str, Any]) -> str:
    """What was left, because the person changed it meanwhile; empty if nothing was."""
    names = [f"the {in_sentence(name)}" for name in dict.fromkeys(_names(body.get("kept")))]
    if not names:
        return ""
    *others, last = names
    return text("kept", names=f"{', '.join(others)} and {last}" if others else last)


def _names(entries: Any) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            stage, pointer = stage_of(entry.get("stage")), entry.get("pointer")
            if stage is not None and isinstance(pointer, str):
                yield _name(stage, pointer)


def _name(stage: Stage, pointer: str) -> str:
    """The label of a field. An element of a list may be named by its id."""
    path = list(path_of(pointer))
    if len(path) <= 1:
        return name_of(pointer, stage)
    for place, segment in enumerate(path[:-1]):
        if segment in ENTRY_LABELS:
            path[place + 1] = 0
    return label(tuple(path))
