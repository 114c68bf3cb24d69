"""The publish checks of a session, computed from its view alone."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actors import Actor
from domain.publishing.dry_run import checks_of, chosen_slug
from domain.publishing.publication import schedule_publication
from domain.session.state import SessionState, context_of, view_of
from domain.stages import STAGES, Stage
from domain.validation.assessment import assess
from domain.validation.check_codes import CheckCode
from tests.unit.domain.samples import (
    ADA,
    NOW,
    READY,
    ready_session,
    session,
    stamp,
    valid_section,
    valid_sections,
)
from tests.unit.domain.strategies import sections

READER = Actor(user_id="ada", may_publish=False)


def tiers(*ids: str) -> dict[str, Any]:
    return {
        "tiers": [
            {"id": tier_id, "name": f"T{place}", "unit_amount": 0}
            for place, tier_id in enumerate(ids)
        ]
    }


def assert_same(state: SessionState, actor: Actor = ADA, *, slug_taken: bool = False) -> None:
    context = context_of(state, slug_taken=slug_taken, may_publish=actor.may_publish)
    expected = assess(state.sections, context=context, now=NOW).checks
    assert checks_of(view_of(state, NOW), actor, now=NOW, slug_taken=slug_taken) == expected


@pytest.mark.parametrize(
    "state",
    [
        session(),
        ready_session(),
        ready_session(terms_current=False),
        ready_session(sections=valid_sections(review={}), terms_current=False),
        ready_session(sections=valid_sections(sponsor={}), passed=[]),
        ready_session(payments=READY),
    ],
)
def test_checks_of_a_view_equal_those_of_the_state(state: SessionState) -> None:
    assert_same(state)
    assert_same(state, READER)
    assert_same(state, slug_taken=True)


@pytest.mark.parametrize("issued", range(4))
@pytest.mark.parametrize(
    "ids", [("tier-1", "tier-2"), ("tier-3", "tier-1", "tier-3"), ("tier-2", "vip", "tier-9")]
)
def test_tier_ids_not_issued_are_found(ids: tuple[str, ...], issued: int) -> None:
    assert_same(ready_session(sections=valid_sections(ticket=tiers(*ids)), tiers_issued=issued))


def test_checks_of_a_scheduled_publication_are_those_of_its_time() -> None:
    """The sale is over by then."""
    sale = {"id": "tier-1", "name": "T", "unit_amount": 0, "saleEnd": "2030-03-02T12:00"}
    state = ready_session(sections=valid_sections(ticket={"tiers": [sale]}))
    planned = schedule_publication(state, NOW + timedelta(days=2), stamp()).state

    assert checks_of(view_of(state, NOW), ADA, now=NOW, slug_taken=False) == []
    found = checks_of(view_of(planned, NOW), ADA, now=NOW, slug_taken=False)
    assert CheckCode.SALE_OVER in [check.code for check in found]


@given(sections(), st.integers(0, 3), st.booleans(), st.lists(st.sampled_from(STAGES)))
@settings(max_examples=100)
def test_checks_of_any_draft_equal_those_of_its_state(
    drafts: Any, issued: int, terms: bool, passed: Any
) -> None:
    assert_same(session(sections=drafts, tiers_issued=issued, terms_current=terms, passed=passed))


@pytest.mark.parametrize(
    ("typed", "slug"), [("my-show", "my-show"), ("", None), (None, None), (5, None), (["a"], None)]
)
def test_chosen_slug_is_the_text_that_was_entered(typed: Any, slug: str | None) -> None:
    state = session(sections=valid_sections(event=valid_section(Stage.EVENT_SETUP, slug=typed)))
    assert chosen_slug(view_of(state, NOW)) == slug
