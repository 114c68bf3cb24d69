"""Files of other systems become sections that are valid, apart from what the file cannot say."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from dev.demo.client import UnexpectedAnswer, WizardClient
from dev.imports import icalendar_event, schema_org, ticket_shop
from dev.imports.addresses import address_of, parts_of
from dev.imports.command import ImportRefused, correct, explained, play, read_sections
from dev.stack.state import ROOT
from domain.actors import Actor
from domain.json_values import JsonObject
from domain.session.changes import Stamp
from domain.session.creation import fill_in
from domain.session.run_rules import NEWEST_RULES, rules_of
from domain.session.state import following, start_session, view_of
from domain.stages import Section, Stage

FILES = ROOT / "examples" / "imports"

CORRECTIONS = {
    "exhibition.json": [],
    "lamp-launch.ics": ["venue/address/country=CH"],
    "clothes-swap.csv": ["event/type=popup"],
    "glass-and-fire.ics": [],
    "harbour-lights.csv": ["event/type=fashion_show"],
    "record-launch.json": [],
}


def errors_of(sections: JsonObject) -> list[tuple[str, str]]:
    """Stage and pointer of each error, a month before the event."""
    now = datetime.fromisoformat(sections["event"]["date"]).replace(tzinfo=UTC) - timedelta(30)
    entered = {Section(name): data for name, data in sections.items()}
    empty = following(
        start_session("1", Actor(user_id="ada"), created_at=now), rules_of(NEWEST_RULES)
    )
    state, _actions = fill_in(empty, entered, Stamp(now))
    return [
        (stage.section.value, error.pointer)
        for stage, shown in view_of(state, now).stages.items()
        if stage is not Stage.REVIEW_PUBLISH
        for error in shown.errors
    ]


def test_every_example_is_listed_with_its_corrections() -> None:
    assert {path.name for path in FILES.iterdir()} == CORRECTIONS.keys()
    assert all(len(corrections) <= 1 for corrections in CORRECTIONS.values())


@pytest.mark.parametrize("name", CORRECTIONS)
def test_an_example_goes_in_with_its_corrections(name: str) -> None:
    corrections = CORRECTIONS[name]
    needed = [tuple(correction.partition("=")[0].split("/", 1)) for correction in corrections]

    uncorrected = errors_of(read_sections(FILES / name))

    assert [(section, pointer[1:]) for section, pointer in uncorrected] == needed
    assert errors_of(read_sections(FILES / name, corrections)) == []


def test_a_schema_org_event_keeps_what_it_says() -> None:
    sections = read_sections(FILES / "exhibition.json")

    event, venue = sections["event"], sections["venue"]
    assert (event["date"], event["startTime"]) == ("2031-06-12", "18:00")
    assert (event["endDate"], event["endTime"]) == ("2031-07-05", "20:00")
    assert event["timezone"] == "Europe/Lisbon"
    assert event["type"] == "exhibition"
    assert "<p>" not in event["description"]
    assert [who["name"] for who in event["performers"]] == ["Inês Valadares"]
    assert [who["name"] for who in event["organizers"]] == ["Câmara Clara"]
    assert event["openingHours"][1] == {"date": "2031-06-14", "opens": "10:00", "closes": "22:00"}
    assert venue["address"]["country"] == "PT"
    assert venue["geo"] == {"lat": 37.0261, "lng": -7.8412}
    assert sections["organizer"]["email"] == "ola@marealta.example"
    assert [tier["unit_amount"] for tier in sections["ticket"]["tiers"]] == [0, 0]
    assert sections["sponsor"]["media"]["cover"]["credit"] == "Inês Valadares"


def test_an_icalendar_event_is_in_the_zone_of_its_calendar() -> None:
    sections = read_sections(FILES / "lamp-launch.ics")

    event = sections["event"]
    assert (event["startTime"], event["endTime"]) == ("18:30", "23:30")
    assert event["timezone"] == "Europe/Zurich"
    assert event["type"] == "launch"
    assert "soup\n" in event["description"]
    assert sections["venue"]["name"] == "Werkhof Binz"
    assert sections["venue"]["address"] == {
        "line1": "Uetlibergstrasse 23",
        "city": "Zürich",
        "postalCode": "8045",
    }
    assert sections["organizer"] == {"name": "Werkhof Binz", "email": "licht@werkhof.example"}


def test_a_ticket_export_has_a_tier_for_each_row() -> None:
    sections = read_sections(FILES / "clothes-swap.csv")

    tickets = sections["ticket"]
    assert tickets["currency"] == "dkk"
    assert [(tier["name"], tier["unit_amount"], tier["quantity"]) for tier in tickets["tiers"]] == [
        ("Early bird", 9500, 80),
        ("Standard", 13000, 200),
        ("Helpers", 0, 20),
    ]
    assert tickets["tiers"][2]["visibility"] == "hidden"
    assert tickets["tiers"][0]["saleStart"] == "2031-07-01T10:00"
    assert sections["event"]["endDate"] == "2031-10-05"


def test_a_feed_has_an_event_for_each_number() -> None:
    opening = read_sections(FILES / "glass-and-fire.ics")
    exhibition = read_sections(FILES / "glass-and-fire.ics", number=2)

    event, venue = opening["event"], opening["venue"]
    assert (event["startTime"], event["endTime"]) == ("19:00", "22:00")
    assert event["timezone"] == "Europe/Berlin"  # "W. Europe Standard Time"
    assert venue["address"] == {
        "line1": "Neißstraße 30",
        "city": "Görlitz",
        "postalCode": "02826",
        "country": "DE",
    }
    assert opening["sponsor"]["media"]["cover"]["url"].endswith("/glas.jpg")
    assert exhibition["event"]["endDate"] == "2031-06-30"  # the file has the day after it
    with pytest.raises(ImportRefused):  # the third one is cancelled
        read_sections(FILES / "glass-and-fire.ics", number=3)


def test_a_graph_has_the_organizer_elsewhere_and_offers_in_an_aggregate() -> None:
    sections = read_sections(FILES / "record-launch.json")

    event, tiers = sections["event"], sections["ticket"]["tiers"]
    assert sections["organizer"]["name"] == "Nord Records GmbH"
    assert [who["name"] for who in event["performers"]] == ["Kelp", "Vinter", "DJ Salz"]
    assert (event["startTime"], event["timezone"]) == ("22:00", "Europe/Berlin")  # 21:00 in UTC
    assert event["description"] == "A night."
    assert sections["venue"]["doorsTime"] == "20:00"
    assert [(tier["name"], tier["unit_amount"]) for tier in tiers] == [
        ("Early Bird", 1850),
        ("Regular", 2400),
        ("Supporter", 4200),
    ]


def test_an_export_in_german_is_read_by_the_meaning_of_its_columns() -> None:
    sections = read_sections(FILES / "harbour-lights.csv")

    tiers = sections["ticket"]["tiers"]
    assert sections["event"]["date"] == "2031-09-12"
    assert sections["event"]["timezone"] == "Europe/Berlin"  # of the country
    assert [(tier["name"], tier["unit_amount"]) for tier in tiers] == [
        ("Parkett", 4990),
        ("Loge", 124900),
    ]
    assert tiers[0]["saleStart"] == "2031-05-01T10:00"


def test_an_export_in_snake_case_has_dates_of_twelve_hours() -> None:
    text = (
        "event_title,start_date,start_time,end_time,country_code,ticket_name,ticket_price,is_hidden\n"
        'Moss,05/09/2031,7:30 PM,11:45 PM,US,VIP,"$1,250.00",TRUE\n'
    )

    sections = ticket_shop.sections_of(text)

    (tier,) = sections["ticket"]["tiers"]
    assert sections["event"] == {
        "title": "Moss",
        "date": "2031-05-09",
        "startTime": "19:30",
        "endTime": "23:45",
    }
    assert tier == {
        "name": "VIP",
        "kind": "paid",
        "unit_amount": 125_000,
        "visibility": "hidden",
    }


def test_a_ticket_without_a_column_of_prices_is_not_free() -> None:
    (tier,) = ticket_shop.sections_of("Event Name,Ticket Name\nMoss,VIP\n")["ticket"]["tiers"]

    assert tier == {"name": "VIP"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "59 Chelsea Piers, New York, NY 10011, USA",
            {
                "line1": "59 Chelsea Piers",
                "city": "New York",
                "region": "NY",
                "postalCode": "10011",
                "country": "US",
            },
        ),
        (
            "4 Quay Road, Bristol, BS1 4XX, United Kingdom",
            {"line1": "4 Quay Road", "city": "Bristol", "postalCode": "BS1 4XX", "country": "GB"},
        ),
        (
            "12 Rue des Lilas, Bâtiment B, 75011 Paris, Frankreich",
            {
                "line1": "12 Rue des Lilas",
                "line2": "Bâtiment B",
                "city": "Paris",
                "postalCode": "75011",
                "country": "FR",
            },
        ),
        ("1 Main Street", {"line1": "1 Main Street"}),
        ("", {}),
    ],
)
def test_an_address_in_one_text_is_taken_apart(text: str, address: JsonObject) -> None:
    assert address_of(parts_of(text)) == address


def schema_org_event(**fields: Any) -> JsonObject:
    event = {"@type": "Event", "name": "Show", "startDate": "2031-05-09T19:30:00", **fields}
    return schema_org.sections_of(json.dumps(event))


@pytest.mark.parametrize(
    ("price", "currency", "amount"),
    [
        ("12.50", "EUR", 1250),
        (12.5, "eur", 1250),
        (1200, "JPY", 1200),
        ("4.250", "KWD", 4250),
        ("from 10", "EUR", None),
        ("0.001", "EUR", None),
        (None, "EUR", None),
        ("Infinity", "EUR", None),
        ("49,90 €", "EUR", 4990),
        ("1.249,00 €", "EUR", 124_900),
        ("$1,250", "USD", 125_000),
        ("1,250.50", "USD", 125_050),
    ],
)
def test_a_price_is_in_the_minor_unit(price: Any, currency: str, amount: int | None) -> None:
    offer = {"name": "Entry", "price": price, "priceCurrency": currency}

    (tier,) = schema_org_event(offers=offer)["ticket"]["tiers"]

    assert tier.get("unit_amount") == amount


def test_an_event_without_offers_has_free_admission() -> None:
    assert schema_org_event()["ticket"]["tiers"][0]["unit_amount"] == 0


def test_an_event_in_a_graph_is_found() -> None:
    page = {"@graph": [{"@type": "WebSite"}, {"@type": ["Event"], "name": "Show"}]}

    assert schema_org.sections_of(json.dumps(page))["event"]["title"] == "Show"


def test_an_online_event_has_no_place() -> None:
    where = {"@type": "VirtualLocation", "url": "https://live.example/show"}

    assert schema_org_event(location=where)["venue"] == {
        "mode": "virtual",
        "url": "https://live.example/show",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"startDate": 5, "endDate": "soon"},
        {"location": "Great Hall", "organizer": "Ada", "image": 7},
        {"location": [{"name": "Hall", "address": "1 Main Street"}], "keywords": [1, None]},
        {"offers": [{"price": {}}], "performer": [[]], "inLanguage": {"name": "French"}},
    ],
)
def test_values_of_other_shapes_are_left_out(fields: JsonObject) -> None:
    assert schema_org_event(**fields)["event"]["title"] == "Show"


@pytest.mark.parametrize(
    ("correction", "place", "value"),
    [
        ("event/type=launch", ("event", "type"), "launch"),
        ("venue/address/country=CH", ("venue", "address", "country"), "CH"),
        ("venue/capacity=80", ("venue", "capacity"), 80),
        ("ticket/tiers/0/name=A=B", ("ticket", "tiers", 0, "name"), "A=B"),
    ],
)
def test_a_correction_sets_one_value(correction: str, place: tuple[Any, ...], value: Any) -> None:
    sections: Any = {"ticket": {"tiers": [{"name": "Entry"}]}}

    correct(sections, correction)

    for part in place:
        sections = sections[part]
    assert sections == value


@pytest.mark.parametrize(
    "correction",
    [
        "event",
        "event=x",
        "events/type=x",
        "ticket/tiers/7/name=x",
        "ticket/tiers/a=x",
        "event/a/b=x",
    ],
)
def test_a_malformed_correction_is_refused(correction: str) -> None:
    with pytest.raises(ImportRefused):
        correct({"ticket": {"tiers": []}, "event": {"a": "text"}}, correction)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("event.txt", "BEGIN:VCALENDAR"),
        ("event.ics", "no calendar"),
        ("event.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        ("event.json", "{"),
        ("event.json", '{"@type": "Person"}'),
        ("event.json", "5"),
        ("event.csv", "a,b\n1,2\n"),
        ("event.csv", ""),
    ],
)
def test_a_file_without_an_event_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(ImportRefused):
        read_sections(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        read_sections(tmp_path / "missing.ics")


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    text = (FILES / "clothes-swap.csv").read_text(encoding="utf-8")
    (tmp_path / "export.csv").write_text("\ufeff" + text, encoding="utf-8")

    assert read_sections(tmp_path / "export.csv") == ticket_shop.sections_of(text)


def test_an_all_day_event_has_no_time() -> None:
    text = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            "SUMMARY:Open studio",
            "DTSTART;VALUE=DATE:20310509",
            "CONFERENCE;VALUE=URI:https://live.example/studio",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )

    sections = icalendar_event.sections_of(text)

    assert sections["event"] == {"title": "Open studio", "date": "2031-05-09"}
    assert sections["venue"] == {"mode": "virtual", "url": "https://live.example/studio"}


def api_that(answers: dict[str, tuple[int, JsonObject]]) -> WizardClient:
    """Answers requests by their paths."""

    def answer(request: httpx.Request) -> httpx.Response:
        status, body = answers[request.url.path]
        return httpx.Response(status, json=body)

    transport = httpx.MockTransport(answer)
    return WizardClient(httpx.Client(base_url="http://api.example", transport=transport))


def view_with(errors: list[JsonObject]) -> JsonObject:
    return {
        "session_id": "s1",
        "revision": 1,
        "completion_percentage": 80,
        "stages": {
            "venueSetup": {"errors": errors},
            "reviewPublish": {"errors": [{"pointer": "/acceptedTerms", "message": "Accept."}]},
        },
    }


def test_an_import_says_what_to_correct() -> None:
    missing = {"pointer": "/address/country", "message": "Country is required."}

    lines = list(play(api_that({"/v1/sessions": (201, view_with([missing]))}), {}, publishes=False))

    assert lines == [
        "session s1, revision 1, 80 %",
        "  to correct: Country is required. (--set venue/address/country=…)",
    ]


def test_an_import_publishes_the_event() -> None:
    api = api_that(
        {
            "/v1/sessions": (201, view_with([])),
            "/v1/sessions/s1/publish": (200, {"slug": "spring-show"}),
        }
    )

    assert list(play(api, {}, publishes=True))[-1] == "published: http://api.example/e/spring-show"


def test_a_refused_import_names_the_value() -> None:
    error = {"stage": "eventSetup", "pointer": "/titel", "message": "This field does not exist."}
    api = api_that({"/v1/sessions": (422, {"detail": "Nothing was saved.", "errors": [error]})})

    with pytest.raises(UnexpectedAnswer) as refused:
        list(play(api, {}, publishes=False))

    assert explained(refused.value.response) == (
        "Nothing was saved.\n  event/titel: This field does not exist."
    )
