"""Suggestions for empty fields."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.suggestions.basis import OwnEvent, Suggestion
from copilot.suggestions.explanations import path_of
from copilot.suggestions.fashion_weeks import FASHION_WEEKS
from copilot.suggestions.suggest import suggest
from copilot.texts.en.reasons import REASON_TEXTS
from copilot.understanding.facts import Circumstances
from domain.json_values import JsonObject, is_at_or_below, merge
from domain.schemas.event import EventType
from domain.stages import STAGES, Section, Stage
from domain.validation.check_codes import CheckCode
from domain.values.countries import COUNTRIES
from domain.values.local_time import timezones
from domain.values.money import CURRENCIES, currency
from tests.unit.domain.samples import NOW, assessment_of
from tests.unit.domain.strategies import sections

Known = Mapping[Section, JsonObject]

LISBON: JsonObject = {
    "mode": "physical",
    "name": "Palm House",
    "address": {"line1": "Rua Um 1", "city": "Lisboa", "country": "PT"},
    "capacity": 90,
}
SHOW: JsonObject = {
    "title": "The Hat Room",
    "type": "fashion_show",
    "date": "2030-05-09",
    "startTime": "19:30",
}
EARLIER = OwnEvent(
    "Winter hats",
    date(2029, 11, 2),
    organizer={"name": "Ada Lovelace", "email": "ada@example.com", "bio": "Hats."},
    venue=LISBON,
)
PICTURE = "https://example.com/a.jpg"


def suggested(
    stage: Stage, known: Known, own_events: Sequence[OwnEvent] = (), **changed: Any
) -> tuple[Suggestion, ...]:
    circumstances = Circumstances(**{"now": NOW, "locale": "en-GB", "known": known, **changed})
    return suggest(stage, circumstances, own_events)


def values_at(pointer: str, found: Sequence[Suggestion]) -> list[object]:
    return [suggestion.value for suggestion in found if suggestion.pointer == pointer]


def value_of(known: JsonObject, pointer: str) -> object:
    value: Any = known
    for segment in path_of(pointer):
        if isinstance(value, list) and isinstance(segment, int) and segment < len(value):
            value = value[segment]
        elif isinstance(value, dict):
            value = value.get(str(segment))
        else:
            return value
    return value


def with_suggestion(known: Known, suggestion: Suggestion) -> dict[Section, JsonObject]:
    """As a merge patch saves it. In a list, the whole list is sent."""
    section = known.get(suggestion.stage.section, {})
    path = path_of(suggestion.pointer)
    if any(isinstance(segment, int) for segment in path):
        name, index, field = path
        entries = list(section[str(name)])
        entries[int(index)] = {**entries[int(index)], str(field): suggestion.value}
        patch: Any = {str(name): entries}
    else:
        patch = suggestion.value
        for segment in reversed(path):
            patch = {str(segment): patch}
    return {**known, suggestion.stage.section: merge(section, patch)}


own_events = st.lists(
    st.builds(
        OwnEvent,
        st.just("Winter hats"),
        st.dates(date(2029, 1, 1), date(2031, 1, 1)),
        organizer=st.sampled_from([EARLIER.organizer, {}, {"name": "A", "email": "nobody"}]),
        venue=st.sampled_from([LISBON, {}, {"name": "Great Hall", "capacity": 5}]),
    ),
    max_size=3,
)


@st.composite
def partly_filled(draw: st.DrawFn) -> dict[Section, JsonObject]:
    known = draw(sections())
    for section in draw(st.sets(st.sampled_from(Section))):
        names = sorted(known[section])
        kept = draw(st.sets(st.sampled_from(names))) if names else set()
        known[section] = {name: known[section][name] for name in kept}
    return known


@settings(deadline=None, max_examples=60)
@given(
    known=partly_filled(),
    events=own_events,
    locale=st.sampled_from(["en", "en-US", "de", "pt-BR", "no such"]),
    timezone=st.none() | st.sampled_from(sorted(timezones())),
    code=st.none() | st.sampled_from(sorted(CURRENCIES)),
)
def test_every_suggestion_is_valid_in_its_session(
    known: dict[Section, JsonObject],
    events: list[OwnEvent],
    locale: str,
    timezone: str | None,
    code: str | None,
) -> None:
    before = assessment_of(known)
    changed = {"locale": locale, "timezone": timezone, "currency": code}
    for stage in STAGES:
        found = suggested(stage, known, events, **changed)
        assert found == suggested(stage, known, events, **changed)
        for suggestion in found:
            typed = value_of(known.get(stage.section, {}), suggestion.pointer)
            assert typed in (None, "", {}, [])
            assert suggestion.text.endswith(".")
            if suggestion.asks:
                continue
            after = assessment_of(with_suggestion(known, suggestion))
            wrong = [
                error
                for error in after.stages[stage].errors
                if is_at_or_below(error.pointer, suggestion.pointer)
            ]
            assert wrong == []
            for other in STAGES:
                old = {(error.pointer, error.code) for error in before.stages[other].errors}
                new = {(error.pointer, error.code) for error in after.stages[other].errors} - old
                assert {error for _, error in new} <= {"missing"}


def test_a_new_session_gets_what_is_usual() -> None:
    known: Known = {Section.EVENT: {"type": "fashion_show"}}
    event = suggested(Stage.EVENT_SETUP, known)
    assert values_at("/startTime", event) == ["20:00"]
    assert values_at("/language", event) == ["en-GB"]
    assert values_at("/title", event) == []


def test_texts_are_made_from_what_is_known() -> None:
    known: Known = {
        Section.ORGANIZER: {"name": "Ada Lovelace"},
        Section.EVENT: {**SHOW, "title": None},
        Section.VENUE: {**LISBON, "doorsTime": "19:00"},
    }
    event = suggested(Stage.EVENT_SETUP, known)
    assert values_at("/title", event) == [
        "Fashion show by Ada Lovelace",
        "Fashion show at Palm House",
        "Fashion show in Lisboa",
    ]
    assert values_at("/summary", event) == [
        "A fashion show by Ada Lovelace at Palm House in Lisboa on 9 May 2030."
    ]
    titled = suggested(Stage.EVENT_SETUP, {**known, Section.EVENT: SHOW})
    (description,) = values_at("/description", titled)
    assert str(description).replace(",", "") == (
        "The Hat Room is a fashion show by Ada Lovelace. "
        "It takes place on Thursday 9 May 2030 at 19:30 at Palm House in Lisboa. "
        "Doors open at 19:00."
    )


def test_texts_are_not_suggested_in_another_language() -> None:
    known: Known = {Section.ORGANIZER: {"name": "Ada"}, Section.EVENT: {**SHOW, "language": "pt"}}
    event = suggested(Stage.EVENT_SETUP, known)
    assert [*values_at("/summary", event), *values_at("/description", event)] == []


def test_dates_of_a_show_follow_the_fashion_week() -> None:
    event = suggested(
        Stage.EVENT_SETUP, {Section.EVENT: {"type": "fashion_show"}, Section.VENUE: LISBON}
    )
    dates = [suggestion for suggestion in event if suggestion.pointer == "/date"]
    assert [suggestion.reason_code for suggestion in dates] == [
        "fashion_week",
        "fashion_week",
        "usual_weekday",
    ]
    assert [suggestion.params.get("month") for suggestion in dates] == [10, 3, None]
    assert values_at("/timezone", event) == ["Europe/Lisbon"]


def test_a_week_once_a_year_is_suggested_once() -> None:
    address = {"line1": "Rua Um 1", "city": "São Paulo", "country": "BR"}
    known: Known = {
        Section.EVENT: {"type": "fashion_show"},
        Section.VENUE: {**LISBON, "address": address},
    }
    event = suggested(Stage.EVENT_SETUP, known)
    dates = [suggestion for suggestion in event if suggestion.pointer == "/date"]
    assert [suggestion.params.get("month") for suggestion in dates] == [10, None, None]


def test_the_address_of_an_online_event_suggests_nothing() -> None:
    known: Known = {
        Section.EVENT: {"type": "fashion_show"},
        Section.VENUE: {**LISBON, "mode": "virtual", "url": "https://example.com/a"},
    }
    event = suggested(Stage.EVENT_SETUP, known)
    reasons = {suggestion.reason_code for suggestion in event}
    assert not reasons & {"fashion_week", "zone_of_city", "from_city"}
    assert values_at("/currency", suggested(Stage.TICKET_SETUP, known)) == []


def test_no_day_of_a_longer_event_is_taken() -> None:
    known: Known = {Section.EVENT: {"type": "exhibition", "endDate": "2030-07-31"}}
    fair = OwnEvent("Fair", date(2030, 7, 10), date(2030, 7, 12))
    found = values_at("/date", suggested(Stage.EVENT_SETUP, known, [fair]))
    assert found == ["2030-07-18", "2030-07-25"]


@pytest.mark.parametrize("kind", EventType)
def test_dates_are_ahead_and_free(kind: EventType) -> None:
    known: Known = {Section.EVENT: {"type": kind.value}}
    first = values_at("/date", suggested(Stage.EVENT_SETUP, known))
    assert len(set(first)) == 3
    assert all(date.fromisoformat(str(day)) > NOW.date() for day in first)

    taken = OwnEvent("Other", date.fromisoformat(str(first[0])))
    assert first[0] not in values_at("/date", suggested(Stage.EVENT_SETUP, known, [taken]))
    whole_year = OwnEvent("Fair", date(2030, 1, 1), date(2031, 12, 31))
    assert values_at("/date", suggested(Stage.EVENT_SETUP, known, [whole_year])) == []


def test_a_type_is_suggested_if_the_title_has_one_alone() -> None:
    title = {"title": "Hats: a pop-up"}
    event = suggested(Stage.EVENT_SETUP, {Section.EVENT: title})
    assert values_at("/type", event) == ["popup"]
    both = {"title": "Pop-up and exhibition"}
    assert values_at("/type", suggested(Stage.EVENT_SETUP, {Section.EVENT: both})) == []


def test_an_organizer_comes_from_the_newest_event() -> None:
    older = OwnEvent("First", date(2028, 1, 1), organizer={"name": "Bo", "phone": "+12125550100"})
    found = suggested(Stage.ORGANIZER_SETUP, {}, [older, EARLIER])
    assert {suggestion.pointer: suggestion.value for suggestion in found} == {
        "/name": "Ada Lovelace",
        "/email": "ada@example.com",
        "/bio": "Hats.",
    }
    assert found[0].text == "Name of the organizer: as for your event on 2029-11-02."
    typed = {Section.ORGANIZER: {"name": "bo"}}
    named = suggested(Stage.ORGANIZER_SETUP, typed, [older, EARLIER])
    assert values_at("/phone", named) == ["+12125550100"]
    assert values_at("/name", named) == []


def test_a_venue_comes_from_an_event_at_the_same_place() -> None:
    typed = {"mode": "physical", "name": "palm house"}
    venue = suggested(Stage.VENUE_SETUP, {Section.VENUE: typed}, [EARLIER])
    assert values_at("/address", venue) == [LISBON["address"]]
    assert values_at("/capacity", venue) == [90]
    elsewhere = {"mode": "physical", "name": "Elsewhere"}
    assert (
        values_at("/address", suggested(Stage.VENUE_SETUP, {Section.VENUE: elsewhere}, [EARLIER]))
        == []
    )


def test_doors_open_before_the_start() -> None:
    venue = suggested(Stage.VENUE_SETUP, {Section.EVENT: SHOW, Section.VENUE: LISBON})
    assert values_at("/doorsTime", venue) == ["18:45"]


def test_an_online_venue_gets_mode_and_platform() -> None:
    url = {"url": "https://example.zoom.us/j/1"}
    venue = suggested(Stage.VENUE_SETUP, {Section.VENUE: url})
    assert (values_at("/mode", venue), values_at("/platform", venue)) == (["virtual"], ["Zoom"])


@pytest.mark.parametrize("code", ["usd", "eur", "jpy", "huf", "isk"])
def test_tickets_fit_the_places_and_the_currency(code: str) -> None:
    known: Known = {
        Section.EVENT: SHOW,
        Section.VENUE: LISBON,
        Section.TICKET: {"currency": code},
    }
    ticket = suggested(Stage.TICKET_SETUP, known)
    (tiers,) = values_at("/tiers", ticket)
    assert isinstance(tiers, list)
    assert [tier["name"] for tier in tiers] == ["Early", "Standard", "Last"]
    assert sum(tier["quantity"] for tier in tiers) == 90
    amounts = [tier["unit_amount"] for tier in tiers]
    assert amounts == sorted(amounts)
    assert amounts[0] >= currency(code).minimum
    assert values_at("/totalCapacity", ticket) == [90]


def test_prices_wait_for_another_currency_of_the_country() -> None:
    ticket = suggested(Stage.TICKET_SETUP, {Section.EVENT: SHOW, Section.VENUE: LISBON})
    assert values_at("/currency", ticket) == ["eur"]
    assert values_at("/tiers", ticket) == []


def test_a_currency_is_not_suggested_for_typed_prices() -> None:
    tiers = {"tiers": [{"name": "Seat", "unit_amount": 2500}]}
    ticket = suggested(Stage.TICKET_SETUP, {Section.VENUE: LISBON, Section.TICKET: tiers})
    assert values_at("/currency", ticket) == []
    assert values_at("/refundPolicy", ticket) == [{"kind": "until_days", "days": 7}]


def test_a_launch_is_free() -> None:
    known: Known = {Section.EVENT: {**SHOW, "type": "launch"}, Section.VENUE: LISBON}
    (tiers,) = values_at("/tiers", suggested(Stage.TICKET_SETUP, known))
    assert tiers == [{"name": "Free entry", "unit_amount": 0, "quantity": 90}]


def test_an_event_soon_has_one_ticket_without_periods() -> None:
    known: Known = {
        Section.EVENT: {**SHOW, "date": "2030-03-09"},
        Section.TICKET: {"currency": "usd"},
    }
    (tiers,) = values_at("/tiers", suggested(Stage.TICKET_SETUP, known))
    assert tiers == [{"name": "Standard", "unit_amount": 4000}]


def test_sale_periods_are_suggested_for_early_and_last_tickets() -> None:
    tiers = [{"name": "Early bird", "unit_amount": 0}, {"name": "Last call", "unit_amount": 0}]
    ticket = suggested(Stage.TICKET_SETUP, {Section.EVENT: SHOW, Section.TICKET: {"tiers": tiers}})
    assert values_at("/tiers/0/saleEnd", ticket) == ["2030-04-11T12:00"]
    assert values_at("/tiers/1/saleStart", ticket) == ["2030-05-02T12:00"]


def test_texts_of_pictures_are_asked_and_not_invented() -> None:
    media = {
        "cover": {"url": PICTURE},
        "gallery": [{"url": PICTURE, "alt": "Hats"}, {"url": PICTURE, "decorative": True}],
    }
    found = suggested(Stage.SPONSORS_MEDIA, {Section.SPONSOR: {"media": media}})
    assert [(suggestion.pointer, suggestion.asks) for suggestion in found] == [
        ("/media/cover/alt", True)
    ]


def test_hashtags_are_made_from_the_title() -> None:
    found = suggested(Stage.SPONSORS_MEDIA, {Section.EVENT: {**SHOW, "title": "The hat room!"}})
    assert values_at("/hashtag", found) == ["#TheHatRoom", "#TheHatRoom2030"]
    emoji = {Section.EVENT: {"title": "🎩🎩🎩"}}
    assert values_at("/hashtag", suggested(Stage.SPONSORS_MEDIA, emoji)) == []


def test_typed_values_are_never_replaced() -> None:
    typed = {"tiers": "three", "currency": "dollar", "totalCapacity": -1, "refundPolicy": "none"}
    known: Known = {Section.EVENT: SHOW, Section.VENUE: LISBON, Section.TICKET: typed}
    assert suggested(Stage.TICKET_SETUP, known) == ()


def test_fashion_weeks_are_facts_of_known_places() -> None:
    for week in FASHION_WEEKS:
        assert week.country in COUNTRIES
        assert week.timezone in timezones()
        assert all(1 <= month <= 12 for month in week.months)
        assert week.source.startswith("https://")


def test_a_finding_of_another_stage_does_not_hide_a_suggestion() -> None:
    hidden = [{"name": "Seat", "unit_amount": 0, "visibility": "hidden"}]
    known: Known = {
        Section.ORGANIZER: {"name": "Ada Lovelace"},
        Section.EVENT: {**SHOW, "title": None},
        Section.TICKET: {"tiers": hidden},
    }
    found = suggested(Stage.EVENT_SETUP, known)
    assert values_at("/title", found) == ["Fashion show by Ada Lovelace"]
    after = assessment_of(with_suggestion(known, found[0]))
    assert CheckCode.NO_TIER_FOR_SALE in {check.code for check in after.checks}


def test_reasons_are_sentences() -> None:
    assert all(text.startswith("{label}: ") for text in REASON_TEXTS.values())
