"""Each screen is accessible, light and dark, fits into 320 pixels, and calls no other host."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from domain.stages import STAGES
from tests.support.paid_sessions import start_seller
from tests.support.wizard import publish
from tests.web.assistant_panel import AssistantPanel
from tests.web.axe import barriers_on
from tests.web.conftest import NewDevice
from tests.web.device import PHONE, Device
from tests.web.events import FREE_EVENT, PAID_TICKETS
from tests.web.publications import ready_to_publish

NARROWEST = 320


async def sign_in_page(device: Device) -> None:
    await device.page.goto(device.site.url)
    await expect(device.button("Sign in")).to_be_visible()


async def sign_in_that_failed(device: Device) -> None:
    await device.page.goto(f"{device.site.url}/signed-in?error=access_denied&state=unknown")
    await expect(device.heading("Not signed in.")).to_be_visible()


async def no_events(device: Device) -> None:
    await device.sign_in()


async def my_events(device: Device) -> None:
    await device.sign_in()
    async with await device.api() as http:
        seller = await start_seller(http, device.site.stand_in)
        await publish(seller.wizard)
    await device.begin(FREE_EVENT)
    await device.begin({"ticket": {"currency": "eur", "tiers": [{"name": "A", "unit_amount": 7}]}})
    await device.open("/")
    await expect(device.page.get_by_role("heading", name="Published")).to_be_visible()


async def start(device: Device) -> None:
    await device.sign_in(path="/start")


async def not_found(device: Device) -> None:
    await device.sign_in(path="/no/such/page")


async def unknown_session(device: Device) -> None:
    await device.sign_in(path="/s/00000000-0000-4000-8000-000000000000/eventSetup")


async def not_loaded(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.page.route(f"**/v1/sessions/{session}**", lambda route: route.abort())
    await device.open_stage(session, "eventSetup")
    await expect(device.heading("Cannot be reached.")).to_be_visible()


def page_of(name: str) -> Callable[[Device], Awaitable[None]]:
    async def open_page(device: Device) -> None:
        await device.sign_in()
        session = await device.begin({**FREE_EVENT, "ticket": PAID_TICKETS})
        await device.open_stage(session, name)

    return open_page


def errors_of(name: str) -> Callable[[Device], Awaitable[None]]:
    """A stage without data, after Continue."""

    async def open_page(device: Device) -> None:
        await device.sign_in()
        await device.open_stage(await device.begin(), name)
        await device.page.get_by_role("button", name="Continue to").click()
        await expect(device.page.get_by_role("alert").first).to_be_visible()

    return open_page


async def ready(device: Device) -> None:
    await ready_to_publish(device)


async def published(device: Device) -> None:
    await ready(device)
    await device.button("Publish").click()
    await expect(device.heading("Nachtschicht is out.")).to_be_visible()


async def assistant(device: Device) -> None:
    """With something that was done, and suggestions."""
    await page_of("eventSetup")(device)
    panel = AssistantPanel(device)
    await panel.open()
    await panel.say("It ends at 23:15")
    await panel.say("Any ideas?")


async def confirmation(device: Device) -> None:
    await ready(device)
    panel = AssistantPanel(device)
    await panel.open()
    await panel.send("Publish")
    await expect(device.page.get_by_role("dialog", name="Publish Nachtschicht?")).to_be_visible()


SCREENS: dict[str, Callable[[Device], Awaitable[None]]] = {
    "sign-in": sign_in_page,
    "sign-in-that-failed": sign_in_that_failed,
    "no-events": no_events,
    "my-events": my_events,
    "start": start,
    "not-found": not_found,
    "unknown-session": unknown_session,
    "not-loaded": not_loaded,
    **{stage.value: page_of(stage.value) for stage in STAGES},
    "errors-of-event": errors_of("eventSetup"),
    "errors-of-tickets": errors_of("ticketSetup"),
    "preview": page_of("preview"),
    "history": page_of("history"),
    "ready": ready,
    "published": published,
    "assistant": assistant,
    "confirmation": confirmation,
}


@pytest.mark.parametrize("screen", SCREENS)
async def test_each_screen_is_accessible_and_calls_no_other_host(
    device: Device, screen: str
) -> None:
    await SCREENS[screen](device)
    assert await barriers_on(device.page) == {}

    await device.page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert await device.page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    foreign = {urlsplit(url).netloc for url in device.requests} - device.site.hosts
    assert foreign <= {""}  # blob: and data:


async def test_a_long_name_is_broken_in_the_list_of_errors(new_device: NewDevice) -> None:
    device = await new_device(**{**PHONE, "viewport": {"width": NARROWEST, "height": 640}})
    await device.sign_in()
    name = "Frühjahrskollektionspräsentationsbegleitprogramm"
    tier = {"name": name, "kind": "paid", "unit_amount": 30, "quantity": 60}
    session = await device.begin({"ticket": {"currency": "eur", "tiers": [tier]}})
    await device.open_stage(session, "ticketSetup")
    await device.page.get_by_role("button", name="Continue to").click()

    error = device.page.get_by_role("alert").get_by_role("link")
    await expect(error).to_contain_text(name)
    box = await error.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= NARROWEST
