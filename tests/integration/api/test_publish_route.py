"""Publishing, now or scheduled: the slug, the event, and repeated requests."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.ids import session_workflow_id
from domain.json_values import JsonObject
from domain.session.run_rules import CHANGES_PER_RUN
from tests.support.api import SignIn
from tests.support.problem_documents import assert_problem, error_places
from tests.support.session_workflow import session_handle
from tests.support.stage_data import days_ahead, free_event, free_sections
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, publish, start, untouched


def unique() -> str:
    return uuid4().hex[:10]


async def published(http: httpx.AsyncClient, **event: Any) -> JsonObject:
    wizard = await start(http, free_sections(**event))
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
    repeated = await wizard.post("/publish")
    assert repeated.json()["slug"] == f"{slug}-2"


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


async def test_publishing_twice_gives_the_same_event(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())

    first, repeated = [await wizard.post("/publish") for _ in range(2)]

    assert first.status_code == repeated.status_code == 200
    assert first.json() == repeated.json()


async def test_publishing_from_two_clients_gives_the_same_event(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    wizard = await start(ada, free_sections())
    second_client = Wizard(sign_in(user), wizard.session_id)

    answers = await asyncio.gather(
        *(session.post("/publish") for session in (wizard, second_client, wizard, second_client))
    )

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.text for answer in answers}) == 1
    assert len((await wizard.http.get("/v1/events")).json()["items"]) == 1


async def test_publishing_without_waiting_names_the_location(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())

    accepted = await wizard.post("/publish", prefer="wait=0")

    assert accepted.status_code == 202
    assert accepted.headers["Location"] == wizard.path()
    assert accepted.headers["Retry-After"]
    assert accepted.json()["publication"]["state"] == "running"

    async def completed() -> bool:
        return bool((await wizard.view())["status"] == "completed")

    await eventually(completed)


async def test_nothing_changes_after_publishing(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())
    await publish(wizard)
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


async def test_an_abandoned_session_is_not_published(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())
    await wizard.post("/abandon")

    refused = assert_problem(await wizard.post("/publish"), 409, "session_closed")

    assert refused["session_status"] == "abandoned"


async def test_a_scheduled_publication_runs_at_its_time(
    system: System, ada: httpx.AsyncClient
) -> None:
    wizard = await start(ada, free_sections())
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

    await eventually(completed, what="the scheduled publication")
    (event,) = (await wizard.http.get("/v1/events")).json()["items"]
    assert event["session_id"] == wizard.session_id


async def test_a_scheduled_publication_extends_the_expiry(
    system: System, ada: httpx.AsyncClient
) -> None:
    wizard = await start(ada, free_sections())
    at = datetime.now(UTC) + timedelta(days=20)
    await wizard.post("/publish", {"publish_at": at.isoformat()})

    handle = system.temporal.client.get_workflow_handle(session_workflow_id(wizard.session_id))
    await system.temporal.fast_forward(handle, timedelta(days=10))
    assert (await wizard.view(consistent="true"))["status"] == "in_progress"
    await system.temporal.fast_forward(handle, timedelta(days=11))

    async def completed() -> bool:
        return bool((await wizard.view())["status"] == "completed")

    await eventually(completed, what="the scheduled publication")


async def test_an_exhibition_that_has_opened_is_published(
    ada: httpx.AsyncClient, wizard: Wizard
) -> None:
    """In a venue with coordinates alone, and with doors on the evening before."""
    data = free_event(
        date=days_ahead(-30), startTime="00:30", endDate=days_ahead(30), type="exhibition"
    )
    data["venueSetup"] |= {
        "address": {"country": "SN"},
        "geo": {"lat": 14.5, "lng": -14.45},
        "doorsTime": "23:00",
    }
    await fill_in(wizard, data)
    checks = (await wizard.get("/checks")).json()["checks"]
    assert [(check["code"], check["severity"]) for check in checks] == [("event_has_begun", "warn")]

    published = await wizard.post("/publish")

    assert published.status_code == 200, published.text
    shown = (await ada.get(f"/v1/public/events/{published.json()['slug']}")).json()
    starts_at, ends_at, doors_at = (
        datetime.fromisoformat(shown[name]) for name in ("starts_at", "ends_at", "doors_at")
    )
    assert starts_at < datetime.now(UTC) < ends_at
    assert starts_at - doors_at == timedelta(minutes=90)


async def test_a_scheduled_publication_can_be_brought_forward(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    await wizard.post("/publish", {"publish_at": f"{days_ahead(5)}T12:00:00Z"})

    response = await wizard.post("/publish")

    assert response.status_code == 200, response.text


async def test_a_publish_time_after_the_start_is_refused(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())

    async with untouched(wizard):
        response = await wizard.post("/publish", {"publish_at": f"{days_ahead(61)}T12:00:00Z"})

    assert error_places(assert_problem(response, 422, "publish_blocked")) == [
        ("/date", "event_not_in_future")
    ]


BAD_TIMES = {
    "a number": (20270101, "invalid_type"),
    "zero": (0, "invalid_type"),
    "true": (True, "invalid_type"),
    "an object": ({}, "invalid_type"),
    "digits": ("5", "invalid_format"),
    "empty": ("", "invalid_format"),
    "a date": ("2031-05-09", "invalid_format"),
    "a space for the T": ("2031-05-09 12:00:00Z", "invalid_format"),
    "no offset": ("2031-05-09T12:00:00", "invalid_format"),
    "no seconds": ("2031-05-09T12:00Z", "invalid_format"),
    "compact": ("20310509T120000Z", "invalid_format"),
    "a week": ("2031-W19-5T12:00:00Z", "invalid_format"),
    "no such day": ("2031-02-30T12:00:00Z", "invalid_format"),
    "no such offset": ("2031-05-09T12:00:00+24:00", "invalid_format"),
    "other digits": ("\uff12\uff10\uff13\uff11-05-09T12:00:00Z", "invalid_format"),
    "beyond the calendar": ("9999-12-31T23:59:59-14:00", "invalid_format"),
    "before the calendar": ("0001-01-01T00:00:00+14:00", "invalid_format"),
    "past": ("2020-01-01T00:00:00Z", "not_in_future"),
    "long past": ("0001-01-01T00:00:00Z", "not_in_future"),
}


@pytest.mark.parametrize(("value", "code"), BAD_TIMES.values(), ids=BAD_TIMES.keys())
async def test_a_bad_publish_time_is_refused(wizard: Wizard, value: object, code: str) -> None:
    await fill_in(wizard, free_event())

    async with untouched(wizard):
        response = await wizard.post("/publish", {"publish_at": value})

    problem = assert_problem(response, 422, "invalid_request")
    assert error_places(problem) == [("/publish_at", code)]


@pytest.mark.parametrize(
    "spelling", ["{}T12:00:00Z", "{}t12:00:00.25z", "{}T12:00:00.123456789-04:00"]
)
async def test_a_publish_time_is_rfc_3339(wizard: Wizard, spelling: str) -> None:
    await fill_in(wizard, free_event())

    response = await wizard.post("/publish", {"publish_at": spelling.format(days_ahead(2))})

    assert response.status_code == 202, response.text


async def test_the_last_moment_of_the_calendar_is_too_late(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())

    response = await wizard.post("/publish", {"publish_at": "9999-12-31T23:59:59Z"})

    assert_problem(response, 422, "publish_blocked")


@pytest.mark.parametrize("changes", [0, CHANGES_PER_RUN])
async def test_a_repeated_plan_is_answered_after_its_time(
    system: System, wizard: Wizard, changes: int
) -> None:
    """The key is looked at before the time is judged, in a later run too."""
    await fill_in(wizard, free_event())
    plan = {"publish_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    first = await wizard.post("/publish", plan, idempotency_key="plan")
    assert first.status_code == 202, first.text
    for number in range(changes):
        await wizard.save("organizerSetup", {"bio": f"{number}"})
    # No longer valid: the scheduled publication fails, and the session stays open.
    await wizard.save("organizerSetup", {"name": "A"})
    handle = session_handle(system.temporal.client, wizard.session_id)
    await system.temporal.fast_forward(handle, timedelta(hours=2))

    async def failed() -> bool:
        view = await wizard.view(consistent="true")
        return bool(view["publication"]["state"] == "failed")

    await eventually(failed, what="the scheduled publication")
    other = await wizard.post("/publish", plan, idempotency_key="another")
    again = await wizard.post("/publish", plan, idempotency_key="plan")

    assert error_places(assert_problem(other, 422, "invalid_request")) == [
        ("/publish_at", "not_in_future")
    ]
    assert again.status_code == 202 or again.json()["code"] == "publish_blocked", again.text
