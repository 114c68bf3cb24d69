"""Parsing a draft: all errors are found, and the valid part is kept."""

import pytest

from domain.stages import STAGES, Stage
from tests.unit.domain.samples import errors_of, valid_section

EVENT, VENUE = Stage.EVENT_SETUP, Stage.VENUE_SETUP


def test_error_in_one_field_does_not_hide_others() -> None:
    section = {"title": 5, "type": "fashion_show", "date": "2030-05-09", "slug": "A", "tags": [1]}
    assert set(errors_of(EVENT, section)) == {
        ("/title", "invalid_type"),
        ("/slug", "too_short"),
        ("/tags/0", "invalid_type"),
        ("/startTime", "missing"),
    }


def test_venue_fields_of_an_unknown_mode_are_not_required() -> None:
    assert errors_of(VENUE, {}) == [("/mode", "missing")]
    assert errors_of(VENUE, {"mode": "nowhere"}) == [("/mode", "invalid_choice")]


@pytest.mark.parametrize("stage", STAGES)
def test_unknown_field_in_an_old_draft_is_an_error(stage: Stage) -> None:
    section = valid_section(stage, fromAnEarlierRelease={"a": 1})
    assert errors_of(stage, section) == [("/fromAnEarlierRelease", "unknown_field")]
