"""A visitor sees the event in the language that the browser asks for."""

from uuid import uuid4

import httpx
import pytest
from icalendar import Calendar

from tests.support.event_pages import open_page
from tests.support.stage_data import days_ahead, free_event
from tests.support.wizard import fill_in, published_event, start

pytestmark = pytest.mark.usefixtures("system")

FRENCH = {
    "language": "fr",
    "title": "Défilé de printemps",
    "summary": "Trente tenues.",
    "tiers": {"tier-1": "Gradin"},
}


@pytest.fixture
async def slug(ada: httpx.AsyncClient) -> str:
    """Of an event in English with a French translation."""
    last_day = days_ahead(62)
    stages = free_event(
        title=f"Spring Show {uuid4().hex[:10]}",
        endDate=last_day,
        language="en",
        performers=[{"name": "Marrow Quartet"}],
        openingHours=[{"date": last_day, "opens": "10:00", "closes": "18:00"}],
        translations=[FRENCH],
    )
    wizard = await start(ada)
    await fill_in(wizard, stages)
    event = await published_event(wizard)
    assert event["translations"][0]["title"] == FRENCH["title"]
    return str(event["slug"])


async def test_page_event_and_entry_are_in_the_language_asked_for(
    visitor: httpx.AsyncClient, slug: str
) -> None:
    french = {"Accept-Language": "fr-CA, en;q=0.5"}
    path = f"/v1/public/events/{slug}"

    event = await visitor.get(path, headers=french)
    assert event.json()["title"] == "Défilé de printemps"
    assert event.json()["languages"] == ["en", "fr"]
    assert [tier["name"] for tier in event.json()["ticket_tiers"]] == ["Gradin"]

    page = await open_page(visitor, f"/e/{slug}", **{"Accept-Language": "fr"})
    assert page.document.get("lang") == "fr"
    for text in ("Défilé de printemps", "Gradin", "Marrow Quartet", "10:00 to 18:00"):
        assert text in page.text

    calendar = await visitor.get(f"{path}.ics", headers=french)
    (entry,) = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert str(entry["summary"]) == "Défilé de printemps"
    assert entry["summary"].params["language"] == "fr"
    assert "Marrow Quartet" in str(entry["description"])
    for response in (event, page.response, calendar):
        assert response.headers["Content-Language"] == "fr"
        assert "Accept-Language" in response.headers["Vary"]


async def test_other_visitors_see_the_event_as_it_was_entered(
    visitor: httpx.AsyncClient, slug: str
) -> None:
    path = f"/v1/public/events/{slug}"
    french = await visitor.get(path, headers={"Accept-Language": "fr"})

    for header in ("en-GB, fr;q=0.8", "*", "de", ";;,,q=", ""):
        shown = await visitor.get(
            path, headers={"Accept-Language": header, "If-None-Match": french.headers["ETag"]}
        )
        assert shown.status_code == 200
        assert shown.json()["title"].startswith("Spring Show")
        assert shown.headers["Content-Language"] == "en"
        assert "Accept-Language" in shown.headers["Vary"]
