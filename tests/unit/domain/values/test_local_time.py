"""Local times around the changes of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.values.local_time import (
    DEFAULT_TIMEZONE,
    doors_open_at,
    end_of_day,
    exists,
    in_zone,
    local,
    timezones,
    years_after,
)

NEW_YORK = ZoneInfo("America/New_York")
BEIRUT = ZoneInfo("Asia/Beirut")


def test_a_time_in_the_gap_does_not_exist() -> None:
    assert not exists(local(date(2030, 3, 10), time(2, 30), NEW_YORK))
    assert exists(local(date(2030, 3, 10), time(1, 59), NEW_YORK))
    assert exists(local(date(2030, 3, 10), time(3, 0), NEW_YORK))


def test_midnight_can_be_in_the_gap() -> None:
    assert not exists(local(date(2025, 3, 30), time(0, 0), BEIRUT))


def test_a_time_that_exists_twice_means_the_first() -> None:
    moment = local(date(2030, 11, 3), time(1, 30, fold=1), NEW_YORK)
    assert exists(moment)
    assert moment.utcoffset() == timedelta(hours=-4)
    assert in_zone(datetime(2030, 11, 3, 1, 30, fold=1), NEW_YORK) == moment  # noqa: DTZ001


def test_a_moment_with_an_offset_keeps_its_instant() -> None:
    moment = datetime(2030, 5, 9, 12, tzinfo=UTC)
    assert in_zone(moment, NEW_YORK) == moment
    assert in_zone(moment, NEW_YORK).hour == 8


def test_a_day_ends_at_midnight() -> None:
    assert end_of_day(date(2030, 12, 31), NEW_YORK).isoformat() == "2031-01-01T00:00:00-05:00"


@pytest.mark.parametrize(
    ("day", "after"),
    [(date(2028, 2, 29), date(2038, 2, 28)), (date(2030, 5, 9), date(2040, 5, 9))],
)
def test_years_after(day: date, after: date) -> None:
    assert years_after(day, 10) == after


def test_timezones_exclude_names_of_no_place() -> None:
    assert {DEFAULT_TIMEZONE, "Europe/Paris", "Asia/Kolkata", "UTC"} <= timezones()
    assert not {"localtime", "Factory", "posixrules", "EST6"} & timezones()


@pytest.mark.parametrize(
    ("start", "doors", "expected"),
    [
        (time(19, 30), time(18, 0), date(2030, 5, 9)),
        (time(19, 30), time(19, 30), date(2030, 5, 9)),
        (time(0, 30), time(23, 0), date(2030, 5, 8)),
    ],
)
def test_doors_later_by_the_clock_open_the_evening_before(
    start: time, doors: time, expected: date
) -> None:
    starts_at = local(date(2030, 5, 9), start, NEW_YORK)
    assert doors_open_at(starts_at, doors) == local(expected, doors, NEW_YORK)
