"""The times of any event, in any zone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.json_values import JsonObject
from domain.publishing.build_event import build_event
from domain.publishing.event import doors_at
from domain.stages import Stage
from domain.validation.schedule import schedule_of
from domain.validation.sections import parse_sections
from tests.unit.domain.samples import (
    ADA,
    NOW,
    READY,
    assessment_of,
    valid_section,
    valid_sections,
)

DAY = timedelta(days=1)

# Clocks change at these days in the first two zones, and by half an hour in the third.
DAYS = st.sampled_from(["2030-03-10", "2030-03-31", "2030-11-03", "2030-10-27", "2030-02-28"])
ZONES = st.sampled_from(
    ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC"]
)
CLOCK = st.times().map(lambda at: f"{at:%H:%M}")
NIGHT = st.integers(0, 9 * 60).map(
    lambda minute: f"{(20 + minute // 60) % 24:02d}:{minute % 60:02d}"
)
"""From 20:00 to 05:00."""


@st.composite
def evenings(draw: st.DrawFn) -> tuple[JsonObject, str]:
    """An event, and when its doors open."""
    event: JsonObject = {
        "date": draw(DAYS),
        "startTime": draw(CLOCK | NIGHT),
        "timezone": draw(ZONES),
        "endTime": draw(st.none() | CLOCK | NIGHT),
        "endDate": draw(st.none() | DAYS),
    }
    return event, draw(CLOCK | NIGHT)


@given(evenings())
@settings(max_examples=150)
def test_valid_times_are_in_order(drawn: tuple[JsonObject, str]) -> None:
    entered, doors = drawn
    event = valid_section(Stage.EVENT_SETUP, **entered)
    venue = valid_section(Stage.VENUE_SETUP, doorsTime=doors)
    sections = valid_sections(event=event, venue=venue)
    if assessment_of(sections).blocking:
        return
    built = build_event(session_id="s", owner=ADA, sections=sections, payments=READY, now=NOW)
    starts, ends, opens = (_utc(at) for at in (built.starts_at, built.ends_at, doors_at(built)))
    assert opens is not None
    assert starts is not None
    assert starts - DAY < opens <= starts
    assert (ends or starts) > NOW
    assert ends is None or ends > starts
    assert built.end_date >= built.event_date


@given(st.dates(), st.none() | st.dates(), st.times(), st.none() | st.times(), ZONES)
@settings(max_examples=150)
def test_any_times_can_be_judged(
    day: date, last: date | None, start: time, end: time | None, zone: str
) -> None:
    entered: dict[str, Any] = {
        "date": day.isoformat(),
        "endDate": last.isoformat() if last else None,
        "startTime": f"{start:%H:%M}",
        "endTime": f"{end:%H:%M}" if end else None,
        "timezone": zone,
    }
    event = valid_section(Stage.EVENT_SETUP, **entered)
    venue = valid_section(Stage.VENUE_SETUP, doorsTime="23:00")
    sections = valid_sections(event=event, venue=venue)
    for follows in (True, False):
        assert assessment_of(sections, follows_real_events=follows).stages.keys()
    schedule = schedule_of(parse_sections(sections).event)
    assert (schedule.over_at is None) is (schedule.starts_at is None)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
