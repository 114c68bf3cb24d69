"""Instructions of the assistant: a file per stage, and what holds at all of them."""

from functools import cache
from pathlib import Path
from typing import Final

from copilot.context import Device
from domain.stages import Stage

_FOLDER: Final = Path(__file__).parent
_LANGUAGE: Final = "Write in the language of this tag: {locale}."


def instructions_for(stage: Stage, device: Device, locale: str) -> str:
    """The instructions for a model, in Markdown.

    Args:
        locale: a BCP 47 tag that was checked, since it becomes part of the instructions.
    """
    parts = [_read("common"), _read(stage.value)]
    if device is Device.MOBILE:
        parts.append(_read("phone"))
    return "\n".join([*parts, _LANGUAGE.format(locale=locale)])


@cache
def _read(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
