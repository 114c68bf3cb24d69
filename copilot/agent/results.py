"""What the result of a tool says: done, declined, or refused by the API.

Of a refusal only codes, pointers and numbers are read, and its sentences are made here: the agent
never reads text that a page or another person has put into a result.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from copilot.agent import choices
from copilot.agent.check_lines import blocked
from copilot.agent.patches import name_of
from copilot.agent.replies import Step
from copilot.conversation import ChatMessage, Role, ToolCall, Turn
from copilot.texts import Language
from copilot.texts.language import path_of
from copilot.tools import tool_named
from domain.errors import ErrorCode
from domain.json_values import JsonObject
from domain.stages import STAGES

MAX_ERRORS_SHOWN: Final = 3

_TERMS: Final = ("/acceptTerms", "/acceptedTerms")
_FIRST_REFUSAL: Final = 400
"""The smallest HTTP status of a problem."""

_UNREADABLE: Final[JsonObject] = {"status": 500, "code": "internal_error"}
_WAYS_OUT: Final[dict[str, str]] = {
    **dict.fromkeys(("session_not_found", "session_closed", "session_lost"), "create"),
    **dict.fromkeys(
        ("rate_limited", "unavailable", "revision_conflict", "unauthenticated"), "retry"
    ),
}
"""The button for what the sentence of a refusal asks for, by its code."""


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


def results_after(messages: Sequence[ChatMessage], place: int) -> list[Result]:
    """The results of the calls of the message at this place."""
    calls = {call.call_id: call for call in messages[place].calls}
    return [
        Result(calls[message.call_id], _body_of(message.text))
        for message in messages[place + 1 :]
        if message.role is Role.TOOL and message.call_id in calls
    ]


def refusal(result: Result, turn: Turn) -> Iterator[Step]:
    """Sentences that say what was refused, and ask what to do."""
    code = str(result.body.get("code"))
    errors = [error for error in _list(result.body, "errors") if isinstance(error, dict)]
    if code == "publish_blocked":
        yield from blocked(turn)
    elif errors:
        yield from _field_errors(errors, turn)
    else:
        completed = turn.context.completed_stages
        current = next((stage for stage in STAGES if stage not in completed), turn.context.stage)
        yield turn.language.refusal(code, current)
        if code == "stage_mismatch":
            yield choices.to_stage(turn.language, current)
        elif code in _WAYS_OUT or code not in turn.language.refusals:
            yield choices.offered(turn.language, _WAYS_OUT.get(code, "retry"))


def _field_errors(errors: list[JsonObject], turn: Turn) -> Iterator[str]:
    for error in errors[:MAX_ERRORS_SHOWN]:
        yield _message(error, turn.language)
    first = errors[0]
    pointer, code = str(first.get("pointer")), str(first.get("code"))
    if pointer.startswith(_TERMS) or code == ErrorCode.TERMS_OUTDATED:
        yield turn.language.text("terms")
        return
    key = "what_tier" if pointer == "/tiers" else "what_value"
    yield turn.language.text(key, name=name_of(pointer, turn.language))


def _message(error: JsonObject, language: Language) -> str:
    """The sentence of an error, made from its code and parameters."""
    path = path_of(str(error.get("pointer")))
    params = error.get("params")
    try:
        code = ErrorCode(str(error.get("code")))
        return language.error_text(path, code, params if isinstance(params, dict) else {})
    except (KeyError, ValueError, TypeError, AttributeError):
        return language.text("not_valid", name=language.label(path))


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
