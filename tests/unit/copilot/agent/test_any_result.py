"""A client may send any JSON as a call and its result: there is an answer to each."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from api.copilot.agents import capabilities
from copilot.agent.rules import RulesAgent
from copilot.conversation import ChatMessage, ToolCall
from copilot.texts import ENGLISH
from copilot.tools import TOOLS
from tests.unit.copilot.agent.conversations import answered, result, said, turn

_NAMES = st.sampled_from(
    [
        "stage",
        "pointer",
        "name",
        "tier",
        "tiers",
        "saved",
        "kept",
        "errors",
        "code",
        "status",
        "params",
        "confirmed",
        "revision",
        "checks_digest",
        "publish_at",
        "first",
        "min",
        "max",
    ]
)
_VALUES = st.sampled_from(
    [
        "eventSetup",
        "ticketSetup",
        "/title",
        "/tiers/0/name",
        "/tiers/x/y",
        "missing",
        "too_long",
        "stage_mismatch",
        "publish_blocked",
        "revision_conflict",
        "2030-01-01",
    ]
)
_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), _VALUES)
_JSON: st.SearchStrategy[Any] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=4)
    ),
    max_leaves=12,
)
_OBJECT = st.dictionaries(_NAMES, _JSON, max_size=6)
_TOOL = st.sampled_from([*(tool.name for tool in TOOLS), "unknown"])
_NEXT = st.sampled_from(["try again", "yes", "1", "only the title", "undo", "publish"])

AGENT = RulesAgent(capabilities((), ENGLISH))


@settings(max_examples=300, deadline=None)
@given(_TOOL, _OBJECT, _JSON, _NEXT)
def test_any_result_is_answered(tool: str, arguments: Any, body: Any, sentence: str) -> None:
    called = answered("", ToolCall("call-1", tool, arguments))
    messages: list[ChatMessage] = [said("…"), called, result("call-1", body)]

    replies = list(AGENT.respond(turn(*messages)))
    repeated = list(AGENT.respond(turn(*messages, answered("…"), said(sentence, 2))))

    assert replies or tool in ("unknown", "explainField")
    assert repeated
