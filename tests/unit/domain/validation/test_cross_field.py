"""Rules across the fields of a stage, and across stages."""

from typing import Any

import pytest

from domain.stages import Stage
from tests.unit.domain.samples import (
    HYBRID,
    IMAGE,
    VIRTUAL,
    assessment_of,
    codes_at,
    cover,
    errors_of,
    sponsor,
    url_of,
    valid_section,
    valid_sections,
)

EVENT, VENUE = Stage.EVENT_SETUP, Stage.VENUE_SETUP
SPONSOR, REVIEW = Stage.SPONSORS_MEDIA, Stage.REVIEW_PUBLISH

CASES = [
    # event
    (EVENT, {"date": "2030-02-28"}, "/date", "not_in_future"),
    (EVENT, {"date": "0001-01-01"}, "/date", "not_in_future"),
    (EVENT, {"date": "2030-03-01", "startTime": "07:00"}, "/date", "not_in_future"),
    (EVENT, {"date": "2040-03-02"}, "/date", "too_far_ahead"),
    (EVENT, {"date": "9999-12-31"}, "/date", "too_far_ahead"),
    (EVENT, {"date": "2030-03-10", "startTime": "02:30"}, "/startTime", "nonexistent_time"),
    (EVENT, {"endTime": "19:30"}, "/endTime", "end_before_start"),
    # Over is a matter of the end, or of the start if there is none.
    (EVENT, {"date": "2030-02-01", "endDate": "2030-02-28"}, "/endDate", "not_in_future"),
    (EVENT, {"date": "0001-01-01", "endDate": "0001-01-02"}, "/endDate", "not_in_future"),
    (
        EVENT,
        {"date": "2030-03-01", "startTime": "05:00", "endTime": "07:00"},
        "/date",
        "not_in_future",
    ),
    (
        EVENT,
        {"date": "2030-02-28", "startTime": "22:00", "endTime": "07:00"},
        "/date",
        "not_in_future",
    ),
    (EVENT, {"endDate": "2030-05-09", "endTime": "19:00"}, "/endTime", "end_before_start"),
    (
        EVENT,
        {"date": "2030-03-09", "endDate": "2030-03-10", "endTime": "02:30"},
        "/endTime",
        "nonexistent_time",
    ),
    (
        EVENT,
        {"date": "2030-03-09", "startTime": "20:00", "endTime": "02:30"},
        "/endTime",
        "nonexistent_time",
    ),
    (EVENT, {"endDate": "2030-05-08"}, "/endDate", "end_before_start"),
    (EVENT, {"endDate": "2040-03-02"}, "/endDate", "too_far_ahead"),
    (EVENT, {"endDate": "9999-12-31"}, "/endDate", "too_far_ahead"),
    (
        EVENT,
        {"translations": [{"language": "fr"}, {"language": "FR"}]},
        "/translations/1/language",
        "not_unique",
    ),
    (
        EVENT,
        {"language": "pt-BR", "translations": [{"language": "pt-br"}]},
        "/translations/0/language",
        "not_unique",
    ),
    # venue
    (VENUE, {"doorsTime": "19:31"}, "/doorsTime", "doors_after_start"),
    (VENUE, {**HYBRID, "doorsTime": "19:31"}, "/doorsTime", "doors_after_start"),
    # sponsors and media
    (
        SPONSOR,
        {"sponsors": [{"name": "A", "tier": "title"}, {"name": "B", "tier": "title"}]},
        "/sponsors/1/tier",
        "not_unique",
    ),
    (SPONSOR, cover(alt=None), "/media/cover/alt", "missing"),
    (SPONSOR, cover(alt=""), "/media/cover/alt", "missing"),
    (SPONSOR, cover(alt=None, decorative=False), "/media/cover/alt", "missing"),
    (
        SPONSOR,
        {"media": {"gallery": [IMAGE, {"url": IMAGE["url"]}]}},
        "/media/gallery/1/alt",
        "missing",
    ),
    # review
    (
        REVIEW,
        {"acceptedTerms": {"version": "1999", "at": "2030-03-01T11:00:00+00:00"}},
        "/acceptedTerms",
        "terms_outdated",
    ),
]

FINE = [
    (EVENT, {"date": "2040-03-01", "endDate": "2040-03-01", "endTime": "19:31"}),
    (EVENT, {"date": "2030-03-01", "startTime": "07:01"}),
    (EVENT, {"date": "2030-03-01", "startTime": "05:00", "endTime": "07:01"}),
    (EVENT, {"date": "2030-02-01", "endDate": "2030-03-01"}),
    (EVENT, {"date": "2030-02-28", "startTime": "22:00", "endTime": "07:01"}),
    (EVENT, {"endTime": "19:29"}),
    (EVENT, {"startTime": "22:00", "endTime": "04:00"}),
    (EVENT, {"endDate": "2030-05-10", "endTime": "02:00"}),
    (EVENT, {"date": "2030-11-03", "startTime": "01:30"}),
    (VENUE, {"doorsTime": "19:30"}),
    (VENUE, {"doorsTime": "00:00"}),
    (EVENT, {"language": "pt", "translations": [{"language": "pt-BR"}, {"language": "fr"}]}),
    (VENUE, {**VIRTUAL, "doorsTime": "23:00"}),
    (SPONSOR, cover(alt=None, decorative=True)),
    (SPONSOR, sponsor(tier="title", url="https://acme.example", logo={"url": url_of(99)})),
]


@pytest.mark.parametrize(("stage", "fields", "pointer", "code"), CASES)
def test_rule_broken_has_an_error_code(
    stage: Stage, fields: dict[str, Any], pointer: str, code: str
) -> None:
    assert codes_at(stage, fields, pointer) == [code]


@pytest.mark.parametrize(("stage", "fields"), FINE)
def test_rule_at_its_limit_has_no_error(stage: Stage, fields: dict[str, Any]) -> None:
    assert errors_of(stage, valid_section(stage, **fields)) == []


def test_nonexistent_time_depends_on_the_zone() -> None:
    skipped = {"date": "2030-03-31", "startTime": "02:30"}
    berlin = valid_section(EVENT, **skipped, timezone="Europe/Berlin")
    assert errors_of(EVENT, berlin) == [("/startTime", "nonexistent_time")]
    assert errors_of(EVENT, valid_section(EVENT, **skipped, timezone="UTC")) == []


def test_date_in_the_future_depends_on_the_zone() -> None:
    soon = {"date": "2030-03-01", "startTime": "13:30"}
    assert errors_of(EVENT, valid_section(EVENT, **soon, timezone="UTC")) == []
    assert errors_of(EVENT, valid_section(EVENT, **soon, timezone="Asia/Tokyo")) == [
        ("/date", "not_in_future")
    ]


@pytest.mark.parametrize(
    ("start", "doors", "expected"),
    [
        ("00:30", "23:00", []),
        ("10:00", "22:00", []),
        ("10:00", "21:59", [("/doorsTime", "doors_after_start")]),
        ("00:00", "23:59", []),
    ],
)
def test_doors_can_open_on_the_evening_before(
    start: str, doors: str, expected: list[tuple[str, str]]
) -> None:
    event = valid_section(EVENT, startTime=start)
    venue = valid_section(VENUE, doorsTime=doors)
    found = assessment_of(valid_sections(event=event, venue=venue)).stages[VENUE].errors
    assert [(error.pointer, error.code) for error in found] == expected


@pytest.mark.parametrize(
    ("day", "start", "doors"), [("2030-03-10", "04:00", "02:30"), ("2030-03-11", "00:30", "23:00")]
)
def test_doors_cannot_open_at_a_time_that_does_not_exist(day: str, start: str, doors: str) -> None:
    event = valid_section(EVENT, date=day, startTime=start)
    venue = valid_section(VENUE, doorsTime=doors)
    found = assessment_of(valid_sections(event=event, venue=venue)).stages[VENUE].errors
    expected = ["nonexistent_time"] if doors == "02:30" else []
    assert [error.code for error in found] == expected


@pytest.mark.parametrize(
    ("stage", "fields", "pointer", "code"),
    [
        (EVENT, {"date": "2030-02-01", "endDate": "2030-03-02"}, "/date", "not_in_future"),
        (EVENT, {"endTime": "19:00"}, "/endTime", "end_before_start"),
        (EVENT, {"endTime": "19:30"}, "/endTime", "end_before_start"),
        (VENUE, {"doorsTime": "23:00"}, "/doorsTime", "doors_after_start"),
    ],
)
def test_run_of_an_earlier_version_keeps_its_rules(
    stage: Stage, fields: dict[str, Any], pointer: str, code: str
) -> None:
    section = valid_section(stage, **fields)
    assert errors_of(stage, section, follows_real_events=False) == [(pointer, code)]


def test_date_of_today_without_a_time_is_in_the_future() -> None:
    today = valid_section(EVENT, date="2030-03-01", startTime=None)
    assert errors_of(EVENT, today) == [("/startTime", "missing")]
