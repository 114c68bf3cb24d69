"""Progress: exact figures, and properties that hold for all data."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.json_values import JsonObject, is_at_or_below, pointer_to
from domain.session.changes import save_stage
from domain.session.state import SessionState, view_of
from domain.stages import STAGES, WEIGHTS, Section, Stage
from domain.validation.assessment import Assessment
from domain.validation.progress import overall_completion, review_completion
from tests.unit.domain.samples import (
    HYBRID,
    NOW,
    VIRTUAL,
    assessment_of,
    session,
    stamp,
    valid_section,
    valid_sections,
)
from tests.unit.domain.strategies import INVALID_SAVES, VALID_SAVES, sections

ORGANIZER, EVENT, VENUE = Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.VENUE_SETUP
TICKET, SPONSOR, REVIEW = Stage.TICKET_SETUP, Stage.SPONSORS_MEDIA, Stage.REVIEW_PUBLISH

IMAGE = {"url": "https://cdn.example.com/a.jpg", "alt": "A hall"}
TIER = {"name": "General", "unit_amount": 0}


def completion(stage: Stage, section: JsonObject, **context: Any) -> int:
    """Of one stage, the others being valid."""
    drafts = valid_sections(**{stage.section.value: section})
    return assessment_of(drafts, **context).completion_details[stage]


@pytest.mark.parametrize(
    ("stage", "section", "expected"),
    [
        (ORGANIZER, {}, 0),
        (ORGANIZER, {"bio": "Only what is optional"}, 0),
        (ORGANIZER, {"name": "Ada"}, 100),
        (ORGANIZER, {"name": "A"}, 0),
        (ORGANIZER, {"name": "Ada", "email": "nobody"}, 99),
        (EVENT, {}, 0),
        (EVENT, {"title": "Spring Show"}, 25),
        (EVENT, {"title": "Spring Show", "type": "popup"}, 50),
        (EVENT, {"title": "Spring Show", "type": "popup", "date": "2030-05-09"}, 75),
        (EVENT, valid_section(EVENT), 100),
        (EVENT, valid_section(EVENT, title="ab"), 75),
        (EVENT, valid_section(EVENT, date="2030-02-28"), 75),
        (EVENT, valid_section(EVENT, date="2041-01-01"), 75),
        (EVENT, valid_section(EVENT, endTime="19:30"), 99),
        (EVENT, valid_section(EVENT, date="2030-02-01", endDate="2030-02-28"), 99),
        (EVENT, valid_section(EVENT, date="2030-02-01", endDate="2030-03-02"), 100),
        (EVENT, valid_section(EVENT, slug="NO"), 99),
        (VENUE, {}, 0),
        (VENUE, {"mode": "physical"}, 25),
        (VENUE, {"mode": "virtual"}, 50),
        (VENUE, {"mode": "hybrid"}, 20),
        (VENUE, {"mode": "physical", "name": "Hall", "address": {"city": "Rome"}}, 75),
        (VENUE, {**VIRTUAL, "name": "n" * 151}, 99),
        (VENUE, VIRTUAL, 100),
        (VENUE, HYBRID, 100),
        (VENUE, valid_section(VENUE, doorsTime="20:00"), 99),
        (TICKET, {}, 0),
        (TICKET, {"tiers": []}, 0),
        (TICKET, {"tiers": [{}]}, 0),
        (TICKET, {"tiers": [{"name": "General"}]}, 50),
        (TICKET, {"tiers": [TIER, {"name": "Balcony"}]}, 75),
        (TICKET, {"tiers": [TIER, {"name": "Balcony"}, {}]}, 50),
        (TICKET, {"tiers": [TIER, {"name": "Balcony", "unit_amount": 1.5}]}, 75),
        (TICKET, {"tiers": [TIER, TIER]}, 99),
        (TICKET, {"tiers": [TIER], "currency": "zzz"}, 99),
        (SPONSOR, {}, 0),
        (SPONSOR, {"hashtag": "#show"}, 100),
        (SPONSOR, {"hashtag": "two words"}, 0),
        (SPONSOR, {"hashtag": "#show", "videoUrl": "http://a.com"}, 50),
        (SPONSOR, {"sponsors": [{"name": "Acme"}, {"tier": "gold"}]}, 50),
        (SPONSOR, {"hashtag": "#show", "sponsors": [{"name": "Acme"}] * 51}, 50),
        (SPONSOR, {"media": {"cover": {"url": IMAGE["url"]}}}, 0),
        (SPONSOR, {"hashtag": "", "sponsors": [], "media": {}}, 0),
    ],
)
def test_stage_completion_is_the_share_of_valid_inputs(
    stage: Stage, section: JsonObject, expected: int
) -> None:
    assert completion(stage, section) == expected


def test_two_title_sponsors_are_an_error_across_fields() -> None:
    sponsors = [{"name": "Acme", "tier": "title"}, {"name": "Emca", "tier": "title"}]
    assert completion(SPONSOR, {"sponsors": sponsors}) == 99


@pytest.mark.parametrize(
    ("section", "expected"), [({}, 100), ({"sponsors": []}, 100), ({"hashtag": "a b"}, 0)]
)
def test_sponsors_completed_are_at_100_only_without_errors(
    section: JsonObject, expected: int
) -> None:
    assert completion(SPONSOR, section, sponsors_completed=True) == expected


class TestReview:
    def test_review_is_the_share_of_passed_checks_below_100(self) -> None:
        assert [review_completion(n, 8, published=False) for n in (0, 1, 7, 8)] == [0, 12, 87, 99]

    def test_review_is_at_100_after_publication(self) -> None:
        assert review_completion(0, 8, published=True) == 100
        assert completion(REVIEW, {}, published=True) == 100

    def test_ready_session_is_at_99_percent(self) -> None:
        assert completion(REVIEW, valid_section(REVIEW)) == 99

    def test_review_without_terms_has_one_open_check_of_twelve(self) -> None:
        assert completion(REVIEW, {}) == 100 * 11 // 12

    def test_review_ignores_the_permission_of_the_caller(self) -> None:
        assert completion(REVIEW, valid_section(REVIEW), may_publish=False) == 99

    def test_empty_session_has_a_review_of_0_percent(self) -> None:
        assert assessment_of({}).completion_details[REVIEW] == 0


class TestOverall:
    @given(st.lists(st.integers(0, 100), min_size=6, max_size=6))
    def test_progress_is_the_weighted_sum_rounded_down(self, shares: list[int]) -> None:
        expected = sum(
            weight * share for weight, share in zip((15, 20, 15, 20, 15, 15), shares, strict=True)
        )
        assert overall_completion(dict(zip(STAGES, shares, strict=True))) == expected // 100

    def test_progress_is_100_only_after_publication(self) -> None:
        assert assessment_of(valid_sections()).completion_percentage == 99
        assert assessment_of(valid_sections(), published=True).completion_percentage == 100

    def test_new_session_is_at_0_percent(self) -> None:
        assert view_of(session(), NOW).completion_percentage == 0


@given(sections())
@settings(max_examples=100)
def test_progress_is_bounded_and_100_only_if_valid(drafts: Any) -> None:
    assessment = assessment_of(drafts)
    for stage in STAGES:
        stage_assessment = assessment.stages[stage]
        assert 0 <= stage_assessment.completion <= 100
        assert stage_assessment.valid or stage_assessment.completion < 100
        if stage in STAGES[:4]:
            assert (stage_assessment.completion == 100) is stage_assessment.valid
    assert 0 <= assessment.completion_percentage < 100
    assert (
        assessment.completion_percentage
        == sum(WEIGHTS[stage] * assessment.completion_details[stage] for stage in STAGES) // 100
    )


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    entries: Any = ()
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in entries:
        yield from paths_of(member, (*path, key))


def broken_at(section: JsonObject, path: tuple[str | int, ...]) -> JsonObject:
    """A copy in which one value has a type that its field never has."""
    copy: Any = deepcopy(section)
    container: Any = copy
    for segment in path[:-1]:
        container = container[segment]
    container[path[-1]] = 5 if isinstance(container[path[-1]], bool) else True
    result: JsonObject = copy
    return result


@st.composite
def sections_in_which_a_value_becomes_invalid(
    draw: st.DrawFn,
) -> tuple[Stage, Assessment, Assessment]:
    before = draw(sections())
    stage = draw(st.sampled_from(STAGES[:5]))
    wrong = [error.pointer for error in assessment_of(before).stages[stage].errors]
    valid_paths = [
        path
        for path in paths_of(before[stage.section])
        if not any(is_at_or_below(pointer_to(path), pointer) for pointer in wrong)
        and not any(is_at_or_below(pointer, pointer_to(path)) for pointer in wrong)
    ]
    assume(valid_paths)
    path = draw(st.sampled_from(valid_paths))
    after = {**before, stage.section: broken_at(before[stage.section], path)}
    assessment = assessment_of(after)
    broken = [error.pointer for error in assessment.stages[stage].errors]
    assert any(is_at_or_below(pointer, pointer_to(path)) for pointer in broken)
    return stage, assessment_of(before), assessment


@given(sections_in_which_a_value_becomes_invalid())
@settings(max_examples=300)
def test_making_a_value_invalid_never_raises_the_progress(
    case: tuple[Stage, Assessment, Assessment],
) -> None:
    stage, before, after = case
    risen = {
        assessed: (before.completion_details[assessed], after.completion_details[assessed])
        for assessed in STAGES
        if after.completion_details[assessed] > before.completion_details[assessed]
    }
    # A rule between a stage and the event is skipped while the event's value is not valid.
    skipped = {(99, 100)} if stage is EVENT else set()
    assert set(risen) <= {VENUE, TICKET}
    assert set(risen.values()) <= skipped
    if not risen or before.stages[stage].valid:
        assert after.completion_percentage <= before.completion_percentage


def test_date_invalid_skips_a_ticket_rule_but_lowers_the_review() -> None:
    tiers = [{**TIER, "saleEnd": "2030-05-20T00:00"}]
    before = assessment_of(valid_sections(ticket={"tiers": tiers}))
    after = assessment_of(
        valid_sections(ticket={"tiers": tiers}, event=valid_section(EVENT, date="soon"))
    )
    assert (before.stages[TICKET].valid, after.stages[TICKET].valid) == (False, True)
    assert after.completion_details[REVIEW] < before.completion_details[REVIEW]
    assert after.completion_percentage < before.completion_percentage


def test_title_sponsor_not_valid_does_not_raise_the_progress() -> None:
    def share(tier: str) -> int:
        sponsors = [{"tier": tier}, {"name": "Acme", "tier": "title"}]
        return completion(SPONSOR, {"sponsors": sponsors})

    assert share("no such tier") <= share("title")


@given(INVALID_SAVES)
@settings(max_examples=100)
def test_complete_stage_with_an_invalid_save_falls_below_100(
    save: tuple[Stage, JsonObject],
) -> None:
    stage, typed = save
    before = assessment_of(valid_sections(), tiers_issued=1)
    assert before.completion_details[stage] == 100
    drafts = valid_sections(**{stage.section.value: valid_section(stage, **typed)})
    after = assessment_of(drafts, tiers_issued=1)
    assert after.completion_details[stage] < 100
    assert not after.stages[stage].valid
    assert after.completion_percentage < before.completion_percentage


@given(st.lists(VALID_SAVES | INVALID_SAVES, min_size=2, max_size=4), st.data())
@settings(max_examples=100)
def test_order_of_saves_of_different_fields_is_irrelevant(
    saves: list[tuple[Stage, JsonObject]], data: st.DataObject
) -> None:
    different = list({(stage, *patch): (stage, patch) for stage, patch in saves}.values())
    permuted = data.draw(st.sampled_from(list(permutations(different))))
    in_given_order, reordered = state_after(different), state_after(list(permuted))
    assert dict(in_given_order.sections) == dict(reordered.sections)
    assert shown_progress(in_given_order) == shown_progress(reordered)


def state_after(saves: list[tuple[Stage, JsonObject]]) -> SessionState:
    state = session()
    for stage, patch in saves:
        state = save_stage(state, stage, patch, stamp()).state
    return state


def shown_progress(state: SessionState) -> tuple[int, dict[Stage, int], dict[Stage, Any]]:
    view = view_of(state, NOW)
    errors = {stage: shown.errors for stage, shown in view.stages.items()}
    return view.completion_percentage, view.completion_details, errors


def test_progress_rises_again_when_the_value_is_corrected() -> None:
    drafts = valid_sections()
    drafts[Section.EVENT] = valid_section(EVENT, title="ab")
    assert assessment_of(drafts).completion_details[EVENT] == 75
    drafts[Section.EVENT] = valid_section(EVENT)
    assert assessment_of(drafts).completion_details[EVENT] == 100
