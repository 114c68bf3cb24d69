"""An event in the language of a visitor."""

from typing import Any

import pytest

from domain.orders.public_event import public_event
from domain.publishing.build_event import build_event
from domain.publishing.event import Event
from domain.publishing.translation import in_preferred_language
from domain.stages import Stage
from tests.unit.domain.samples import ADA, NOW, READY, valid_section, valid_sections

FRENCH = {
    "language": "fr",
    "title": "Défilé de printemps",
    "summary": "Trente tenues.",
    "description": "Trente tenues, un four.",
    "tiers": {"tier-1": "Gradin", "tier-9": "Balcon"},
}
TIERS = [{"id": "tier-1", "name": "Stand"}, {"id": "tier-2", "name": "Seat"}]


def an_event(*translations: dict[str, Any], **fields: Any) -> Event:
    event = valid_section(
        Stage.EVENT_SETUP, **{"translations": list(translations), "summary": "Thirty.", **fields}
    )
    ticket = {"tiers": [{**tier, "unit_amount": 0} for tier in TIERS]}
    return build_event(
        session_id="session-1",
        owner=ADA,
        sections=valid_sections(event=event, ticket=ticket),
        payments=READY,
        now=NOW,
    )


def test_preferred_translation_replaces_the_texts() -> None:
    shown = in_preferred_language(an_event(FRENCH, language="en"), "fr-CA, en;q=0.5")

    assert shown.language == "fr"
    assert (shown.title, shown.summary) == ("Défilé de printemps", "Trente tenues.")
    assert shown.description == "Trente tenues, un four."
    assert [tier["name"] for tier in shown.ticket_tiers] == ["Gradin", "Seat"]


def test_texts_that_are_not_translated_stay() -> None:
    event = an_event({"language": "fr", "title": "Défilé"}, language="en", description="A fair.")
    shown = in_preferred_language(event, "fr")

    assert (shown.title, shown.summary, shown.description) == ("Défilé", "Thirty.", "A fair.")
    assert shown.ticket_tiers == event.ticket_tiers


@pytest.mark.parametrize("header", ["", "*", "en", "en-US, fr;q=0.9", "es", "fr;q=0"])
def test_other_visitors_see_the_event_as_entered(header: str) -> None:
    event = an_event(FRENCH, language="en")
    assert in_preferred_language(event, header) is event


@pytest.mark.parametrize(("header", "shown"), [("", None), ("*", None), ("en, fr;q=0.9", "fr")])
def test_translation_is_preferred_to_an_unknown_language(header: str, shown: str | None) -> None:
    assert in_preferred_language(an_event(FRENCH), header).language == shown


def test_names_of_tickets_that_do_not_exist_are_not_published() -> None:
    (translation,) = an_event(FRENCH).translations
    assert translation.tiers == {"tier-1": "Gradin"}


def test_public_event_lists_the_languages_and_no_name_of_a_hidden_ticket() -> None:
    event = an_event(FRENCH, {"language": "de", "tiers": {"tier-2": "Freunde"}}, language="en")
    stand, seat = event.ticket_tiers
    tiers = [stand, {**seat, "visibility": "hidden"}]
    hidden = event.model_copy(update={"ticket_tiers": tiers})
    assert public_event(hidden, {}, NOW).languages == ["en", "fr", "de"]
    assert "Freunde" not in public_event(hidden, {}, NOW).model_dump_json()


def test_drafts_of_lists_are_published_in_the_order_of_time() -> None:
    event = an_event(
        endDate="2030-05-11",
        endTime="02:00",
        externalUrl="https://show.example",
        performers=[{"name": "Nina", "url": "https://nina.example"}, {"name": "Marrow Quartet"}],
        organizers=[{"name": "Palm House"}],
        openingHours=[
            {"date": "2030-05-10", "opens": "18:00", "closes": "02:00"},
            {"date": "2030-05-10", "opens": "10:00", "closes": "14:00"},
        ],
    )
    assert event.external_url == "https://show.example"
    assert [(one.name, one.url) for one in event.performers] == [
        ("Nina", "https://nina.example"),
        ("Marrow Quartet", None),
    ]
    assert [one.name for one in event.organizers] == ["Palm House"]
    assert [(one.opens, one.closes) for one in event.opening_hours] == [
        ("10:00", "14:00"),
        ("18:00", "02:00"),
    ]
