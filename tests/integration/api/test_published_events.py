"""Published events: the tenant's view and the public one."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.json_values import JsonObject
from tests.support.api import SignIn, client_for
from tests.support.problem_documents import assert_problem
from tests.support.stage_data import free_event
from tests.support.system import System
from tests.support.wizard import fill_in, published_event, start


async def publish_filled(http: httpx.AsyncClient, stages: dict[str, JsonObject]) -> JsonObject:
    wizard = await start(http)
    await fill_in(wizard, stages)
    return await published_event(wizard)


def titled(**event: Any) -> dict[str, JsonObject]:
    return free_event(title=f"Show {uuid4().hex[:10]}", **event)


async def get_public_event(system: System, slug: str) -> httpx.Response:
    async with client_for(system.address, None) as http:
        return await http.get(f"/v1/public/events/{slug}")


async def test_a_public_event_needs_no_token(system: System, ada: httpx.AsyncClient) -> None:
    details = {"performers": [{"name": "Nina"}], "externalUrl": "https://show.example"}
    event = await publish_filled(ada, titled(summary="Silk.", dressCode="Black tie", **details))

    shown = await get_public_event(system, event["slug"])

    assert shown.status_code == 200
    body = shown.json()
    sale = dict.fromkeys(("sale_state", "left", "sale_start", "sale_end"))
    assert body.pop("ticket_tiers") == [tier | sale for tier in event["ticket_tiers"]]
    assert body.pop("languages") == []
    assert body.pop("doors_at") is None
    assert body == {name: event[name] for name in body} | {"organizer": body["organizer"]}
    assert body["organizer"] == {"name": "Ada Lovelace", "organization": "Analytical Engines"}


async def test_values_reach_the_event_in_their_canonical_form(ada: httpx.AsyncClient) -> None:
    stages = titled()
    stages["eventSetup"]["title"] = "Łódź Đêm \u200b"
    stages["organizerSetup"]["socials"] = {"instagram": "instagram.com/acme"}
    stages["organizerSetup"]["phone"] = "+33 6 12 34 56 78"
    stages["venueSetup"]["address"] |= {"country": "xk"}

    event = await publish_filled(ada, stages)

    assert event["title"] == "Łódź Đêm"
    assert event["slug"].startswith("lodz-dem")
    assert event["organizer"]["phone"] == "+33612345678"
    assert event["organizer"]["socials"] == {"instagram": "https://instagram.com/acme"}
    assert event["venue_data"]["address"]["country"] == "XK"


async def test_pictures_of_published_events_have_absolute_addresses(
    system: System, ada: httpx.AsyncClient
) -> None:
    picture = {"url": f"/media/{'ab' * 32}-1920.webp", "alt": "Hall"}
    stages = titled()
    stages["organizerSetup"]["logo"] = picture
    stages["sponsorsMedia"] = {
        "sponsors": [{"name": "Weberei", "logo": picture}],
        "media": {"cover": picture, "gallery": [picture]},
    }

    event = await publish_filled(ada, stages)

    address = event["organizer"]["logo"]["url"]
    assert address.startswith("http://")
    assert address.endswith(picture["url"])
    absolute = {**picture, "url": address}
    listed = (await ada.get("/v1/events", params={"limit": 1})).json()["items"][0]
    public = (await get_public_event(system, event["slug"])).json()
    for shown in (event, listed, public):
        assert shown["organizer"]["logo"] == absolute
        assert shown["sponsor_data"] == {
            "sponsors": [{"name": "Weberei", "logo": absolute}],
            "media": {"cover": absolute, "gallery": [absolute]},
        }


async def test_an_unlisted_event_is_found_by_its_address(
    system: System, ada: httpx.AsyncClient
) -> None:
    event = await publish_filled(ada, titled(visibility="unlisted"))

    assert (await get_public_event(system, event["slug"])).status_code == 200


async def test_a_private_event_is_not_found(system: System, ada: httpx.AsyncClient) -> None:
    event = await publish_filled(ada, titled(visibility="private"))

    assert_problem(await get_public_event(system, event["slug"]), 404, "event_not_found")
    assert (await ada.get(f"/v1/events/{event['event_id']}")).json() == event


async def test_a_public_event_omits_private_fields(
    system: System, ada: httpx.AsyncClient, user: str
) -> None:
    stages = titled()
    stages["organizerSetup"] |= {"email": "desk@example.com", "phone": "+12125550100"}
    stages["venueSetup"] |= {
        "mode": "hybrid",
        "url": "https://live.example.com/secret-room",
        "accessNote": "The password is silk.",
    }
    stages["ticketSetup"]["tiers"] += [
        {"name": "Backstage", "unit_amount": 0, "visibility": "hidden"},
    ]
    stages["sponsorsMedia"] |= {"pressContact": "press@example.com"}
    event = await publish_filled(ada, stages)
    assert event["venue_data"]["url"] == "https://live.example.com/secret-room"

    shown = await get_public_event(system, event["slug"])

    assert [tier["name"] for tier in shown.json()["ticket_tiers"]] == ["General"]
    for secret in (
        "desk@example.com",
        "+12125550100",
        "secret-room",
        "silk.",
        "Backstage",
        "press@example.com",
        user,
        event["session_id"],
    ):
        assert secret not in shown.text


async def test_a_draft_is_not_public(system: System, ada: httpx.AsyncClient) -> None:
    stages = titled(slug=f"draft-{uuid4().hex[:10]}")
    await fill_in(await start(ada), stages)

    assert_problem(
        await get_public_event(system, stages["eventSetup"]["slug"]), 404, "event_not_found"
    )
    assert (await ada.get("/v1/events")).json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("org", [None, "other-org"])
async def test_another_tenants_event_is_not_found(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str, org: str | None
) -> None:
    event = await publish_filled(ada, titled())
    stranger = sign_in(user if org else f"eve-{user}", org)

    assert_problem(await stranger.get(f"/v1/events/{event['event_id']}"), 404, "event_not_found")
    assert (await stranger.get("/v1/events")).json()["items"] == []


async def test_events_are_listed_newest_first_in_pages(ada: httpx.AsyncClient) -> None:
    ids = [(await publish_filled(ada, titled()))["event_id"] for _ in range(3)]

    first = (await ada.get("/v1/events", params={"limit": 2})).json()
    second = (
        await ada.get("/v1/events", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()

    assert [event["event_id"] for event in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None
