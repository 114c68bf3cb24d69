"""Opening hours are within the event and do not overlap."""

from typing import Any

import pytest

from domain.stages import Stage
from tests.unit.domain.samples import errors_of, valid_section

EVENT = Stage.EVENT_SETUP

# From 9 May 2030, 19:30, to 12 May, 16:00, in New York.
SEVERAL_DAYS = {"endDate": "2030-05-12", "endTime": "16:00"}
TO_THE_LAST_MOMENT = [
    ("2030-05-09", "19:30", "23:00"),
    ("2030-05-10", "10:00", "18:00"),
    ("2030-05-10", "20:00", "02:00"),
    ("2030-05-11", "02:00", "18:00"),
    ("2030-05-12", "10:00", "16:00"),
]


def found(*entries: tuple[str | None, str | None, str | None], **fields: Any) -> Any:
    hours = [{"date": day, "opens": opens, "closes": closes} for day, opens, closes in entries]
    section = valid_section(EVENT, **{**SEVERAL_DAYS, **fields, "openingHours": hours})
    errors = errors_of(EVENT, section)
    return [
        (pointer.removeprefix("/openingHours"), code)
        for pointer, code in errors
        if pointer.startswith("/openingHours")
    ]


def test_hours_up_to_the_start_and_the_end_are_valid() -> None:
    assert found(*TO_THE_LAST_MOMENT) == []


def test_hours_without_an_end_time_last_until_midnight() -> None:
    assert found(("2030-05-12", "10:00", "00:00"), endTime=None) == []
    assert found(("2030-05-12", "10:00", "00:01"), endTime=None) == [("/0/closes", "outside_event")]


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (("2030-05-08", "20:00", "22:00"), "date"),
        (("2030-05-13", "10:00", "11:00"), "date"),
        (("0001-01-01", "10:00", "11:00"), "date"),
        (("9999-12-31", "20:00", "02:00"), "date"),
        (("2030-05-09", "19:29", "22:00"), "opens"),
        (("2030-05-12", "10:00", "16:01"), "closes"),
        (("2030-05-12", "10:00", "09:00"), "closes"),
    ],
)
def test_hours_outside_the_event_are_errors(entry: tuple[str, str, str], name: str) -> None:
    assert found(entry) == [(f"/0/{name}", "outside_event")]


def test_hours_that_take_no_time_are_an_error() -> None:
    assert found(("2030-05-10", "10:00", "10:00")) == [("/0/closes", "end_before_start")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("2030-05-10", "10:00", "18:00"), ("2030-05-10", "17:59", "20:00")),
        (("2030-05-10", "17:59", "20:00"), ("2030-05-10", "10:00", "18:00")),
        (("2030-05-10", "20:00", "02:00"), ("2030-05-11", "01:59", "03:00")),
        (("2030-05-10", "10:00", "18:00"), ("2030-05-10", "10:00", "18:00")),
    ],
)
def test_overlapping_hours_are_an_error(first: Any, second: Any) -> None:
    assert found(first, second) == [("/1", "not_unique")]


def test_times_that_do_not_exist_are_errors() -> None:
    clocks_set_forward = {"date": "2030-03-09", "endDate": "2030-03-11", "startTime": "10:00"}
    entry = ("2030-03-10", "02:30", "12:00")
    assert found(entry, **clocks_set_forward) == [("/0/opens", "nonexistent_time")]
    entry = ("2030-03-09", "20:00", "02:30")
    assert found(entry, **clocks_set_forward) == [("/0/closes", "nonexistent_time")]


def test_incomplete_hours_are_not_compared() -> None:
    assert found((None, "10:00", "11:00"), ("2030-05-10", "10:00", None)) == [
        ("/0/date", "missing"),
        ("/1/closes", "missing"),
    ]
    assert found(("2030-05-01", "10:00", "11:00"), date=None) == []
    assert found(("2030-05-01", "10:00", "11:00"), startTime=None) == []
