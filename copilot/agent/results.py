"""What the result of a tool says: done, declined, or refused by the API.

Of a refusal only codes, pointers and numbers are read, and its sentences are made here: a text that
a page or another person has put into a result says nothing to the agent.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from copilot.agent import choices
from copilot.agent.patches import name_of, path_of
from copilot.agent.replies import Step
from copilot.agent.texts import REFUSALS, REFUSED, text
from copilot.context import CopilotContext
from copilot.conversation import AnswerChoice, ChatMessage, Role, ToolCall
from copilot.tools import tool_named
from domain.errors import ErrorCode
from domain.json_values import JsonObject
from domain.stages import STAGES, TITLES
from domain.validation.check_codes import Check, CheckCode, Severity
from domain.validation.texts import field_error_message

MAX_ERRORS_SHOWN: Final = 3

_FIRST_REFUSAL: Final = 400
"""The smallest HTTP status of a problem."""

_UNREADABLE: Final[JsonObject] = {"status": 500, "code": "internal_error"}
_WAYS_OUT: Final[dict[str, AnswerChoice]] = {
    **dict.fromkeys(("session_not_found", "session_closed", "session_lost"), choices.CREATE),
    **dict.fromkeys(
        ("rate_limited", "unavailable", "revision_conflict", "unauthenticated"), choices.RETRY
    ),
}
"""What the sentence of a refusal asks for, by its code."""


@dataclass(frozen=True)
class Result:
    call: ToolCall
    body: JsonObject
    """The problem document, if the call was refused."""

    @property
    def is_refused(self) -> bool:
        status = self.body.get("status")
        return isinstance(status, int) and status >= _FIRST_REFUSAL

    @property
    def is_declined(self) -> bool:
        """Whether the person did not confirm."""
        return self.body.get("confirmed") is False


def results_at_end(messages: tuple[ChatMessage, ...]) -> list[Result]:
    """The results that no message has answered yet."""
    calls = {call.call_id: call for message in messages for call in message.calls}
    results: list[Result] = []
    for message in reversed(messages):
        if message.role is not Role.TOOL:
            break
        call = calls.get(message.call_id or "")
        if call is not None and tool_named(call.tool) is not None:
            results.insert(0, Result(call, _body_of(message.text)))
    return results


def refusal(result: Result, context: CopilotContext) -> Iterator[Step]:
    """Sentences that say what was refused, and ask what to do."""
    code = str(result.body.get("code"))
    errors = [error for error in _list(result.body, "errors") if isinstance(error, dict)]
    if code == "publish_blocked":
        yield from blocked(context)
    elif errors:
        yield from _field_errors(errors)
    else:
        current = next(
            (stage for stage in STAGES if stage not in context.completed_stages),
            context.stage,
        )
        yield REFUSALS.get(code, REFUSED).format(stage=TITLES[current])
        if code == "stage_mismatch":
            yield choices.to_stage(current)
        elif code in _WAYS_OUT or code not in REFUSALS:
            yield choices.offered(_WAYS_OUT.get(code, choices.RETRY))


def blocked(context: CopilotContext) -> Iterator[str]:
    yield text("blocked")
    yield from lines_of(blocking(context))


def blocking(context: CopilotContext) -> list[Check]:
    return [check for check in context.checks if check.severity is Severity.BLOCK]


def lines_of(checks: list[Check]) -> Iterator[str]:
    for check in checks:
        line = text("in_stage", stage=TITLES[check.stage], message=check.message)
        if check.code == CheckCode.TERMS_NOT_ACCEPTED:
            line = text("terms")
        yield f"- {line}"


def _field_errors(errors: list[JsonObject]) -> Iterator[str]:
    for error in errors[:MAX_ERRORS_SHOWN]:
        yield _message(error)
    first = errors[0]
    pointer, code = str(first.get("pointer")), str(first.get("code"))
    if pointer.startswith("/acceptTerms") or code == ErrorCode.TERMS_OUTDATED:
        yield text("terms")
        return
    name = name_of(pointer)
    yield text(
        "what_tier" if pointer == "/tiers" else "what_value", name=name[0].lower() + name[1:]
    )


def _message(error: JsonObject) -> str:
    """The sentence of an error, made from its code and parameters."""
    path = path_of(str(error.get("pointer")))
    params = error.get("params")
    try:
        return field_error_message(
            path, ErrorCode(str(error.get("code"))), params if isinstance(params, dict) else {}
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return f"{name_of(str(error.get('pointer')))} is not valid."


def _body_of(result: str) -> JsonObject:
    """The JSON of a result; one that a handler has thrown is a refusal."""
    try:
        body = json.loads(result)
    except (ValueError, RecursionError):
        return _UNREADABLE if result.startswith("Error") else {}
    return body if isinstance(body, dict) else {}


def _list(body: JsonObject, name: str) -> list[Any]:
    value = body.get(name)
    return value if isinstance(value, list) else []
