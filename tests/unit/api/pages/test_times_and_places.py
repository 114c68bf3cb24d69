"""Times across midnight, and venues without a street or a city, on the page and in the calendar."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from icalendar import Calendar

from api.pages.calendar_entry import calendar_entry
from api.pages.event_page import EventPage, event_page
from api.pages.structured_data import structured_data
from domain.json_values import JsonObject
from domain.orders.inventory import initial_stocks
from domain.orders.public_event import public_event
from domain.publishing.event import Event
from tests.unit.api.pages.sample_pages import NOW, SITE, an_event

HERE = {"lat": 14.5, "lng": -14.45}


def a_party(**changed: Any) -> Event:
    """From half past midnight until four, in Berlin in winter. The doors open on the evening
    before."""
    values: dict[str, Any] = {
        "event_date": date(2031, 1, 18),
        "start_time": time(0, 30),
        "end_date": date(2031, 1, 18),
        "end_time": time(4),
        "starts_at": datetime(2031, 1, 17, 23, 30, tzinfo=UTC),
        "ends_at": datetime(2031, 1, 18, 3, 0, tzinfo=UTC),
        "venue_data": {**an_event().venue_data, "doorsTime": "23:00"},
        **changed,
    }
    return an_event(**values)


def in_hall(geo: JsonObject | None = None, **address: Any) -> Event:
    venue: JsonObject = {"name": "Great Hall", "address": {**address, "country": "SN"}}
    return an_event(venue_data=venue if geo is None else {**venue, "geo": geo})


def page_of(event: Event) -> EventPage:
    return event_page(event, [], public_url=SITE.public_url, media_url=SITE.media_url)


def entry_of(event: Event) -> Any:
    (entry,) = Calendar.from_ical(calendar_entry(event, page_of(event))).walk("VEVENT")
    return entry


def data_of(event: Event) -> JsonObject:
    stocks = initial_stocks(event)
    return structured_data(event, page_of(event), stocks, NOW, account_lost=False)


class TestDoors:
    def test_doors_of_the_evening_before_are_so_everywhere(self) -> None:
        event = a_party()
        opens = datetime(2031, 1, 17, 22, 0, tzinfo=UTC)

        when = page_of(event).when
        assert when is not None
        assert when.doors == "Doors at 23:00 the evening before"
        assert public_event(event, {}, NOW).doors_at == opens
        assert datetime.fromisoformat(data_of(event)["doorTime"]) == opens
        assert str(entry_of(event)["description"]).startswith(when.doors)

    def test_doors_of_the_same_day_have_only_a_time(self) -> None:
        event = a_party(venue_data={**an_event().venue_data, "doorsTime": "00:15"})
        when = page_of(event).when
        assert when is not None
        assert when.doors == "Doors at 00:15"
        assert public_event(event, {}, NOW).doors_at == datetime(2031, 1, 17, 23, 15, tzinfo=UTC)

    def test_event_without_doors_has_none(self) -> None:
        event = in_hall(city="Touba")
        assert public_event(event, {}, NOW).doors_at is None
        assert "doorTime" not in data_of(event)


def test_party_after_midnight_ends_on_the_next_day() -> None:
    event = a_party(
        event_date=date(2031, 1, 17),
        start_time=time(22),
        starts_at=datetime(2031, 1, 17, 21, 0, tzinfo=UTC),
    )
    when = page_of(event).when
    assert when is not None
    assert (when.day, when.hours) == (
        "Friday 17 January 2031",
        "22:00 to 04:00 the next day, Berlin time (UTC+1)",
    )
    entry = entry_of(event)
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (event.starts_at, event.ends_at)
    assert datetime.fromisoformat(data_of(event)["endDate"]) == event.ends_at


@pytest.mark.parametrize(
    ("event", "lines", "in_map"),
    [
        (in_hall(city="Touba"), ["Touba, Senegal"], "query=Touba"),
        (in_hall(line1="Route de Kaolack"), ["Route de Kaolack, Senegal"], "query=Route"),
        (in_hall(HERE), ["Senegal"], "mlat=14.5"),
    ],
)
def test_venue_shows_what_it_has(event: Event, lines: list[str], in_map: str) -> None:
    where = page_of(event).where
    assert where is not None
    assert (where.name, where.lines) == ("Great Hall", lines)
    assert in_map in (where.map_url or "")
    assert str(entry_of(event)["location"]) == ", ".join(("Great Hall", *lines))
    assert data_of(event)["location"]["address"]["addressCountry"] == "SN"


def test_calendar_entry_has_the_coordinates() -> None:
    assert entry_of(in_hall(HERE))["geo"].to_ical() == "14.5;-14.45"
    assert "geo" not in entry_of(in_hall(city="Touba"))


def test_calendar_location_has_no_note_on_accessibility() -> None:
    event = an_event()
    where = page_of(event).where
    assert where is not None
    assert "Step-free from the yard" in where.lines
    assert "Step-free" not in str(entry_of(event)["location"])
