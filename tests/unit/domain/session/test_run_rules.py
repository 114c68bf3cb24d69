"""The largest messages of a session fit into Temporal's limits."""

from dataclasses import fields
from typing import Any

import pytest
from pydantic_core import to_json

from activities.events import PublishEvent, ReserveEvent
from domain.publishing.build_event import build_event
from domain.session.actions import Action, ActionName
from domain.session.messages import Carried, SessionStart
from domain.session.projection import Projected
from domain.session.repeats import MAX_KEYS, HandledRequests
from domain.session.run_rules import NEWEST_RULES, RunRules, rules_of
from domain.session.state import SessionState, view_of
from domain.stages import Section, Stage
from domain.validation.drafts import (
    MAX_SECTION_BYTES,
    MAX_SECTIONS_BYTES,
    check_total_size,
    size_of,
)
from domain.values.payments import Payments
from tests.unit.domain.samples import ADA, NOW, session, valid_sections

PAYLOAD_LIMIT = 2 * 1024 * 1024
HISTORY_LIMIT = 50 * 1024 * 1024
ENCRYPTION = 1024
"""More than a key id, a nonce and a tag add to a payload."""

RULES = rules_of(NEWEST_RULES)


def largest_state() -> SessionState:
    size = MAX_SECTIONS_BYTES // len(Section)
    data = {section: {"text": "é" * (size // 2 - 16)} for section in Section}
    check_total_size(map(size_of, data.values()))
    return session().model_copy(update={"sections": data})


def waiting_actions(data_bytes: int, limit: int) -> list[Action]:
    """As many as the rules count below the limit, with the longest fields."""
    data = {"event": {"text": "x" * data_bytes}}
    action = Action(
        revision=10**12,
        name=ActionName.SCHEDULE_PUBLICATION,
        stage=Stage.ORGANIZER_SETUP,
        actor_id="u" * 100,
        at=NOW,
        sections=data,
        idempotency_key="k" * 100,
    )
    return [action] * (limit // (size_of(data) + RULES.action_overhead))


@pytest.mark.parametrize("data_bytes", [10, 100, 1_000, 60_000])
def test_the_largest_input_of_a_run_fits(data_bytes: int) -> None:
    handled = HandledRequests()
    for number in range(MAX_KEYS):
        handled.add(f"k{number}", "f" * 32, NOW)
    carried = Carried(
        state=largest_state(),
        handled=list(handled),
        unprojected=waiting_actions(data_bytes, RULES.handed_over_bytes),
    )
    start = SessionStart(session_id="s", owner=ADA, carried=carried)

    assert len(to_json(start)) + ENCRYPTION < PAYLOAD_LIMIT


@pytest.mark.parametrize("data_bytes", [10, 100, 1_000, 60_000])
def test_the_largest_write_fits(data_bytes: int) -> None:
    view = view_of(largest_state(), NOW)
    actions = waiting_actions(data_bytes, RULES.write_bytes)

    size = len(to_json(Projected(view=view, actions=tuple(actions))))

    assert size + ENCRYPTION < PAYLOAD_LIMIT


def test_the_largest_steps_of_a_publication_fit() -> None:
    state = largest_state()
    projected = Projected(view=view_of(state, NOW))
    tiers = [{"text": "x" * MAX_SECTION_BYTES}]
    event = build_event(
        session_id="s", owner=ADA, sections=valid_sections(), payments=Payments(), now=NOW
    )
    largest = event.model_copy(update={"description": "x" * MAX_SECTIONS_BYTES})
    publish = PublishEvent(
        session_id="s", at=NOW, ticket_tiers=tiers, projected=projected, begun=projected
    )

    for message in (ReserveEvent.of(largest, projected), publish):
        assert len(to_json(message)) + ENCRYPTION < PAYLOAD_LIMIT


def test_what_is_refused_leaves_room_for_what_waits() -> None:
    """All that the history holds may be written to Postgres later, which is in it once more."""
    waiting = RULES.history_bytes
    views = waiting / RULES.write_bytes * MAX_SECTIONS_BYTES

    assert RULES.history_bytes + waiting / 2 + views < 0.9 * HISTORY_LIMIT


def test_an_unknown_version_stands_for_the_newest() -> None:
    assert rules_of(NEWEST_RULES + 1) is RULES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("write_bytes", 512 * 1024),
        ("handed_over_bytes", 512 * 1024),
        ("backlog_bytes", 8 * 1024 * 1024),
        ("follows_stages", False),
        ("refuses_ended_sales", False),
        ("follows_real_events", False),
        ("follows_publications", False),
        ("pauses_by_timer", False),
    ],
)
def test_the_first_rules_stay_as_histories_have_them(name: str, value: Any) -> None:
    assert getattr(rules_of(1), name) == value
    assert name in {field.name for field in fields(RunRules)}
