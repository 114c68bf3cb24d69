"""Calls that were refused are repeated, and never over what was changed since."""

from copilot.conversation import ChatMessage, ToolCall, Turn
from domain.json_values import JsonObject
from domain.stages import Section
from tests.unit.copilot.agent.conversations import (
    VIP,
    answered,
    calls,
    replies,
    result,
    said,
    talk,
    turn,
    words,
)
from tests.unit.copilot.agent.test_results import problem

Known = dict[Section, JsonObject]

UNAVAILABLE = problem(503, "unavailable")


def refused(*sentences: str, known: Known | None = None) -> list[ChatMessage]:
    """A conversation whose last sentence led to calls that were refused."""
    *before, last = sentences
    messages = talk(*before, known=known) if before else []
    messages.append(said(last, 9))
    asked = turn(*messages, known=known)
    called = [reply for reply in replies(asked) if isinstance(reply, ToolCall)]
    messages.append(answered("", *called))
    messages += [result(call.call_id, UNAVAILABLE) for call in called]
    return [*messages, answered("…")]


def again(messages: list[ChatMessage], known: Known | None = None) -> Turn:
    return turn(*messages, said("try again", 10), known=known)


def test_only_the_calls_that_were_refused_are_repeated() -> None:
    first = ToolCall("call-1", "autosaveEventData", {"title": "Hats"})
    second = ToolCall("call-2", "autosaveVenueData", {"capacity": 300})
    messages = [
        said("…"),
        answered("", first, second),
        result("call-1", UNAVAILABLE),
        result("call-2", {"revision": 8}),
        answered("…"),
    ]

    assert calls(again(messages)) == [("autosaveEventData", {"title": "Hats"})]


def test_a_list_is_made_anew_from_the_session_as_it_is_now() -> None:
    """It is sent whole: as it was, it would undo what another person has added since."""
    sentence = "VIP 90 euros"
    messages = refused(sentence, "yes", known={Section.TICKET: {"currency": "eur", "tiers": []}})
    changed = {"name": "Standard", "unit_amount": 2600, "id": "tier-1"}
    now: Known = {Section.TICKET: {"currency": "eur", "tiers": [changed]}}

    ((tool, arguments),) = calls(again(messages, known=now))

    assert tool == "autosaveTicketData"
    assert arguments["tiers"] == [changed, {"name": "VIP", "unit_amount": 9000}]


def test_a_list_that_cannot_be_made_anew_is_asked_for() -> None:
    call = ToolCall("call-1", "autosaveTicketData", {"tiers": [VIP]})
    messages = [said("…"), answered("", call), result("call-1", UNAVAILABLE), answered("…")]

    assert calls(again(messages)) == []
    assert "Say again" in words(again(messages))


def test_many_repetitions_are_answered() -> None:
    call = ToolCall("call-0", "autosaveTicketData", {"tiers": [VIP]})
    messages = [said("…"), answered("", call), result("call-0", UNAVAILABLE)]
    for number in range(60):
        repeated = ToolCall(f"call-{number + 1}", call.tool, call.arguments)
        messages += [said("try again", number), answered("", repeated)]
        messages.append(result(repeated.call_id, UNAVAILABLE))

    assert "Say again" in words(again(messages))


def test_nothing_is_repeated_without_a_call() -> None:
    assert "nothing to repeat" in words(again([]))
