"""Findings of the publish checks, as lines of a list that may lead to the fields."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from copilot.context import CopilotContext
from copilot.conversation import Turn
from domain.validation.check_codes import Check, CheckCode, Severity

_AT_STRIPE: Final = frozenset({CheckCode.PAYMENTS_NOT_READY, CheckCode.PAYOUTS_DISABLED})


def blocking(context: CopilotContext) -> list[Check]:
    return [check for check in context.checks if check.severity is Severity.BLOCK]


def blocked(turn: Turn) -> Iterator[str]:
    yield turn.language.text("blocked")
    yield from lines_of(blocking(turn.context), turn)


def lines_of(checks: list[Check], turn: Turn) -> Iterator[str]:
    for check in checks:
        stage, message = turn.language.stages[check.stage], turn.language.check_message(check)
        names_its_stage = message.startswith(f"{stage} ")
        if turn.has_links:
            message = f"[{message}]({path_to(check, turn.context.session_id)})"
        line = (
            message
            if names_its_stage
            else turn.language.text("in_stage", stage=stage, message=message)
        )
        if check.code == CheckCode.TERMS_NOT_ACCEPTED:
            line = turn.language.text("terms")
        yield f"- {line}"


def path_to(check: Check, session_id: str) -> str:
    """The page of the stage in the front end, whose controls are named by their pointers.

    A pointer may have a key that a person typed, so it is quoted.
    """
    page = f"/s/{session_id}/{check.stage.value}"
    if check.code in _AT_STRIPE:
        return f"{page}#stripe"
    first = check.params.get("first")
    of_stage = first.get("pointer", "") if isinstance(first, dict) else ""
    pointer = check.pointer or str(of_stage)
    return f"{page}#{quote('field' + pointer.replace('/', '-'), safe='')}" if pointer else page
