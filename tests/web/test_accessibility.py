"""Each screen is accessible, light and dark, fits into 320 pixels, and calls no other host."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from domain.stages import STAGES
from tests.support.paid_sessions import start_seller
from tests.web.device import Device
from tests.web.events import FREE_EVENT, PAID_TICKETS, READY_EVENT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

WIDTHS = {"desktop": 1440, "phone": 390}

HEIGHT = 3_000
"""The bar at the lower edge of the window covers nothing."""

NARROWEST = 320


async def sign_in_page(device: Device) -> None:
    await device.page.goto(device.site.url)
    await expect(device.button("Sign in")).to_be_visible()


async def no_events(device: Device) -> None:
    await device.sign_in()


async def my_events(device: Device) -> None:
    await device.sign_in()
    async with await device.api() as http:
        seller = await start_seller(http, device.site.stand_in)
        published = await seller.wizard.post("/publish", prefer="wait=10")
        assert published.status_code == 200, published.text
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
    await device.sign_in()
    await device.open_stage(await device.begin(READY_EVENT), "reviewPublish")
    await expect(device.button("Publish")).to_be_visible()


async def published(device: Device) -> None:
    await ready(device)
    await device.button("Publish").click()
    await expect(device.heading("Nachtschicht is out.")).to_be_visible()


SCREENS: dict[str, Callable[[Device], Awaitable[None]]] = {
    "sign-in": sign_in_page,
    "no-events": no_events,
    "my-events": my_events,
    "start": start,
    "not-found": not_found,
    "unknown-session": unknown_session,
    **{stage.value: page_of(stage.value) for stage in STAGES},
    "errors-of-event": errors_of("eventSetup"),
    "errors-of-tickets": errors_of("ticketSetup"),
    "preview": page_of("preview"),
    "history": page_of("history"),
    "ready": ready,
    "published": published,
}


@pytest.mark.parametrize("screen", SCREENS)
async def test_each_screen_is_accessible_and_calls_no_other_host(
    device: Device, screen: str
) -> None:
    await SCREENS[screen](device)
    await device.page.evaluate("document.fonts.ready.then(() => true)")

    found = {}
    for name, width in WIDTHS.items():
        await device.page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in ("light", "dark"):
            await device.page.emulate_media(color_scheme=scheme)
            await settled(device)
            violations = await violations_of(device)
            if violations:
                found[f"{name}, {scheme}"] = violations
    assert found == {}

    await device.page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert await device.page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    foreign = {urlsplit(url).netloc for url in device.requests} - device.site.hosts
    assert foreign <= {""}  # blob: and data:


async def settled(device: Device) -> None:
    """Waits until transitions are over, whose colours are between two."""
    await device.page.evaluate(
        "Promise.allSettled(document.getAnimations()"
        ".filter(animation => animation.effect.getComputedTiming().iterations < 10)"
        ".map(animation => animation.finished)).then(() => true)"
    )


async def violations_of(device: Device) -> list[tuple[str, list[Any]]]:
    options = {"runOnly": {"type": "tag", "values": RULES}}
    results = await Axe().run(device.page, options=options)
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in results.response["violations"]
    ]
