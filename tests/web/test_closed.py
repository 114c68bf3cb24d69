"""Closed sessions accept no changes: their data can be read, and copied."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
from playwright.async_api import expect

from domain import ids
from domain.actors import Actor
from domain.session.messages import SessionStart
from domain.session.state import DEFAULT_SESSION_TTL_SECONDS, start_session, view_of
from temporal.search_attributes import at_start
from tests.support.session_workflow import session_handle
from tests.support.waiting import eventually
from tests.web.axe import barriers_on
from tests.web.device import Device
from tests.web.events import FREE_EVENT
from tests.web.publications import OUT, ready_to_publish

LONG_AGO = timedelta(seconds=DEFAULT_SESSION_TTL_SECONDS, days=1)


async def test_an_abandoned_session_is_read_and_copied(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")

    async with await device.api() as http:  # as another device does
        abandoned = await http.post(f"/v1/sessions/{session}/abandon")
    assert abandoned.status_code == 200, abandoned.text

    await closed(device, "This draft was abandoned on ")
    await expect(device.field("Title")).to_have_value("Nachtschicht")
    await expect(device.field("Title")).not_to_be_editable()
    await copied(device, session)


async def test_an_expired_session_says_so(device: Device) -> None:
    await device.sign_in()
    session = await expired_session(device)

    await device.open_stage(session, "eventSetup")

    await closed(device, "This draft was closed on ")
    await expect(device.link("Continue to Venue")).to_be_visible()


async def test_a_lost_session_keeps_what_is_typed(device: Device) -> None:
    """Temporal ended it, for example because of an operator."""
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await session_handle(device.site.temporal, session).terminate()

    await device.field("Title").fill("Typed too late")

    await closed(device, "This draft was closed because of an error")
    await expect(device.page.get_by_text("One earlier change was not sent.")).to_be_visible()
    await expect(device.field("Title")).not_to_be_editable()
    saved = device.page.get_by_role("status").filter(has_text="Closed for changes")
    await expect(saved).to_be_visible()
    await device.page.reload()
    await expect(device.field("Title")).to_have_value("Typed too late")
    await copied(device, session, "Typed too late")


async def test_a_published_session_leads_to_its_sales(device: Device) -> None:
    session = await ready_to_publish(device)
    await device.button("Publish").click()
    await expect(device.heading(OUT)).to_be_visible()

    await device.open_stage(session, "eventSetup")

    await closed(device, "This event is published")
    await expect(device.field("Title")).not_to_be_editable()
    await device.link("To its page and sales").click()
    await expect(device.heading(OUT)).to_be_visible()


async def closed(device: Device, title: str) -> None:
    await expect(device.page.get_by_role("heading", name=title)).to_be_visible()
    assert await barriers_on(device.page) == {}


async def copied(device: Device, session: str, title: str = "Nachtschicht") -> None:
    """The way out: a new draft with the data on the page, but for its dates."""
    await device.button("Copy into a new draft").click()
    await device.page.wait_for_url(lambda url: "/s/" in url and session not in url)
    await expect(device.page.locator("h1").first).to_be_visible()
    stages = (await device.view())["stages"]
    assert stages["eventSetup"]["data"]["title"] == title
    assert stages["venueSetup"]["data"]["name"] == "Alte Gießerei"


async def expired_session(device: Device) -> str:
    """A session that the person began long ago."""
    claims = jwt.decode(await device.token(), options={"verify_signature": False})
    owner = Actor(user_id=claims["sub"])
    session_id, at = str(uuid4()), datetime.now(UTC) - LONG_AGO
    await device.site.temporal.start_workflow(
        ids.WIZARD_SESSION,
        SessionStart(session_id=session_id, owner=owner, created_at=at),
        id=ids.session_workflow_id(session_id),
        task_queue=ids.TASK_QUEUE,
        search_attributes=at_start(view_of(start_session(session_id, owner, created_at=at), at)),
    )

    async def has_ended() -> bool:
        async with await device.api() as http:
            answer = await http.get(f"/v1/sessions/{session_id}")
        return answer.is_success and answer.json()["status"] == "expired"

    await eventually(has_ended, what="the end of the session")
    return session_id
