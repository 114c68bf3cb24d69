"""Publishing: the address, the event, once and for all, now or later."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from domain.ids import session_workflow_id
from tests.support.api import JsonObject, SignIn
from tests.support.problem_documents import assert_problem, error_places
from tests.support.stage_data import days_ahead, free_event
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, start, untouched


def unique() -> str:
    return uuid4().hex[:10]


async def published(http: httpx.AsyncClient, **event: Any) -> JsonObject:
    wizard = await start(http)
    await fill_in(wizard, free_event(**event))
    response = await wizard.post("/publish")
    assert response.status_code == 200, response.text
    shown: JsonObject = response.json()
    return shown


async def test_a_chosen_address_of_another_event_blocks(
    wizard: Wizard, sign_in: SignIn, user: str
) -> None:
    slug = f"show-{unique()}"
    await published(sign_in(f"eve-{user}"), slug=slug)
    await fill_in(wizard, free_event(slug=slug))
    assert (await wizard.get("/checks")).json()["ready"] is False

    refused = assert_problem(await wizard.post("/publish"), 422, "publish_blocked")

    assert error_places(refused) == [("/slug", "slug_taken")]
    assert refused["errors"][0]["stage"] == "eventSetup"
    view = await wizard.view()
    assert view["status"] == "in_progress"
    assert view["publication"]["state"] == "failed"
    assert view["publication"]["error"]["errors"] == refused["errors"]

    await wizard.save("eventSetup", {"slug": f"{slug}-2"})
    await wizard.save("reviewPublish", {"acceptTerms": True})
    again = await wizard.post("/publish")
    assert again.json()["slug"] == f"{slug}-2"


async def test_a_derived_address_gets_a_number(ada: httpx.AsyncClient) -> None:
    title = f"Show {unique()}"
    slug = title.lower().replace(" ", "-")

    slugs = [(await published(ada, title=title))["slug"] for _ in range(3)]

    assert slugs == [slug, f"{slug}-2", f"{slug}-3"]


async def test_concurrent_sessions_with_one_address_publish_once(
    sign_in: SignIn, user: str
) -> None:
    slug = f"show-{unique()}"
    wizards = [await start(sign_in(f"{user}-{number}")) for number in range(3)]
    for wizard in wizards:
        await fill_in(wizard, free_event(slug=slug))

    answers = await asyncio.gather(*(wizard.post("/publish") for wizard in wizards))

    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]


async def test_the_event_has_every_default_resolved(wizard: Wizard, user: str) -> None:
    title = f"Été à Paris {unique()}"
    await fill_in(wizard, free_event(title=title, tags=["Silk", "silk", "Spring"]))

    event = (await wizard.post("/publish")).json()

    assert event["session_id"] == wizard.session_id
    assert event["user_id"] == user
    assert event["organization_id"] is None
    assert event["slug"] == title.lower().replace("é", "e").replace("à", "a").replace(" ", "-")
    assert event["status"] == "published"
    assert event["type"] == "fashion_show"
    assert event["visibility"] == "public"
    assert event["timezone"] == "America/New_York"
    assert event["event_date"] == event["end_date"] == days_ahead(60)
    assert event["start_time"] == "19:30:00"
    assert event["end_time"] is None
    assert event["tags"] == ["Silk", "Spring"]
    assert event["organizer"] == {
        "name": "Ada Lovelace",
        "organization": "Analytical Engines",
        "email": f"{user}@example.com",
    }
    assert event["venue_mode"] == "physical"
    assert event["currency"] == "usd"
    assert event["stripe_account_id"] is None
    assert event["ticket_tiers"] == [
        {
            "id": "tier-1",
            "name": "General",
            "kind": "free",
            "unit_amount": 0,
            "quantity": 150,
            "minPerOrder": 1,
            "maxPerOrder": 10,
            "access": "in_person",
            "visibility": "visible",
        }
    ]
    assert (await wizard.http.get(f"/v1/events/{event['event_id']}")).json() == event


async def test_publishing_twice_gives_the_same_event(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())

    first, again = [await wizard.post("/publish") for _ in range(2)]

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()


async def test_publishing_from_two_windows_gives_the_same_event(
    wizard: Wizard, sign_in: SignIn, user: str
) -> None:
    await fill_in(wizard, free_event())
    elsewhere = Wizard(sign_in(user), wizard.session_id)

    answers = await asyncio.gather(
        *(session.post("/publish") for session in (wizard, elsewhere, wizard, elsewhere))
    )

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.text for answer in answers}) == 1
    assert len((await wizard.http.get("/v1/events")).json()["items"]) == 1


async def test_publishing_without_waiting_names_the_location(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())

    accepted = await wizard.post("/publish", prefer="wait=0")

    assert accepted.status_code == 202
    assert accepted.headers["Location"] == wizard.path()
    assert accepted.headers["Retry-After"]
    assert accepted.json()["publication"]["state"] == "running"

    async def completed() -> bool:
        return bool((await wizard.view())["status"] == "completed")

    await eventually(completed)


async def test_nothing_changes_after_publishing(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    await wizard.post("/publish")
    before = await wizard.view()
    assert before["status"] == "completed"
    assert before["is_active"] is False
    assert before["completion_percentage"] == 100
    assert [step["state"] for step in before["publication"]["steps"]] == ["done"] * 3

    for response in (
        await wizard.save("organizerSetup", {"name": "Grace"}),
        await wizard.complete("organizerSetup", {"name": "Grace"}),
        await wizard.post("/transition", {"from_stage": "reviewPublish", "to_stage": "eventSetup"}),
        await wizard.post("/abandon"),
        await wizard.post("/restore", {"revision": 0}),
    ):
        assert assert_problem(response, 409, "session_closed")["session_status"] == "completed"
    assert await wizard.view() == before
    assert await wizard.view(consistent="true") == before


async def test_an_abandoned_session_is_not_published(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    await wizard.post("/abandon")

    refused = assert_problem(await wizard.post("/publish"), 409, "session_closed")

    assert refused["session_status"] == "abandoned"


async def test_a_planned_publication_runs_at_its_time(system: System, wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)

    planned = await wizard.post("/publish", {"publish_at": at.isoformat()})

    assert planned.status_code == 202, planned.text
    view = planned.json()
    assert view["publication"]["state"] == "scheduled"
    assert datetime.fromisoformat(view["publication"]["publish_at"]) == at
    assert view["status"] == "in_progress"
    assert (await wizard.http.get("/v1/events")).json()["items"] == []

    handle = system.temporal.client.get_workflow_handle(session_workflow_id(wizard.session_id))
    await system.temporal.fast_forward(handle, timedelta(days=3, minutes=1))

    async def completed() -> bool:
        return bool((await wizard.view())["status"] == "completed")

    await eventually(completed, what="the planned publication")
    (event,) = (await wizard.http.get("/v1/events")).json()["items"]
    assert event["session_id"] == wizard.session_id


async def test_a_plan_outlives_the_life_of_a_session(system: System, wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    at = datetime.now(UTC) + timedelta(days=20)
    await wizard.post("/publish", {"publish_at": at.isoformat()})

    handle = system.temporal.client.get_workflow_handle(session_workflow_id(wizard.session_id))
    await system.temporal.fast_forward(handle, timedelta(days=10))
    assert (await wizard.view(consistent="true"))["status"] == "in_progress"
    await system.temporal.fast_forward(handle, timedelta(days=11))

    async def completed() -> bool:
        return bool((await wizard.view())["status"] == "completed")

    await eventually(completed, what="the planned publication")


async def test_a_plan_can_be_brought_forward(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    await wizard.post("/publish", {"publish_at": f"{days_ahead(5)}T12:00:00Z"})

    response = await wizard.post("/publish")

    assert response.status_code == 200, response.text


async def test_a_plan_after_the_start_is_refused(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())

    async with untouched(wizard):
        response = await wizard.post("/publish", {"publish_at": f"{days_ahead(61)}T12:00:00Z"})

    assert error_places(assert_problem(response, 422, "publish_blocked")) == [
        ("/date", "event_not_in_future")
    ]


async def test_a_publish_time_in_the_past_publishes_now(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())

    response = await wizard.post("/publish", {"publish_at": "2020-01-01T00:00:00Z"})

    assert response.status_code == 200, response.text
