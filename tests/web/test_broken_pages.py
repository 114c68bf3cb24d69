"""A page that fails, or whose files do not load, says so; the bar and the text stay."""

import re

from playwright.async_api import Page, Route, expect

from tests.web.conftest import NewDevice
from tests.web.events import FREE_EVENT

TICKETS = re.compile(r"/assets/TicketSetup-[\w-]+\.js$")
SESSION = re.compile(r"/v1/sessions/[\w-]+(\?.*)?$")
STREAM = re.compile(r"/v1/sessions/[\w-]+/stream")

NOT_LOADED = "This page did not load."


async def test_a_page_that_did_not_load_is_loaded_by_trying_again(new_device: NewDevice) -> None:
    # Without a service worker, whose requests cannot be intercepted.
    device = await new_device(service_workers="block")
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await device.page.route(TICKETS, aborted)
    await device.field("Title").fill("Typed just before")
    await device.page.locator(".rail").get_by_role("link", name="Tickets").click()
    await expect(device.heading(NOT_LOADED)).to_be_visible()
    await expect(device.page.get_by_role("banner")).to_contain_text("Typed just before")

    await device.page.get_by_role("link", name="To my events").click()
    await expect(device.heading("My events")).to_be_visible()
    await device.page.go_back()
    await expect(device.heading(NOT_LOADED)).to_be_visible()

    await device.page.unroute(TICKETS)
    await device.button("Try again").click()
    await expect(device.heading("Who gets in, and for how much?")).to_be_visible()
    await device.saved("eventSetup", title="Typed just before")


async def test_a_fault_in_one_part_leaves_the_others(new_device: NewDevice) -> None:
    device = await new_device(service_workers="block")
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.page.route(STREAM, aborted)
    await device.page.route(SESSION, without_a_list_of_tickets)

    await device.open_stage(session, "eventSetup")
    proof = device.page.get_by_role("complementary")
    await expect(proof).to_contain_text("This part of the page cannot be shown.")
    await expect(device.field("Title")).to_have_value("Nachtschicht")

    await broken_page_opens_others(device.page)


async def broken_page_opens_others(page: Page) -> None:
    await page.locator(".rail").get_by_role("link", name="Tickets").click()
    await expect(page.get_by_role("heading", name="This page does not work.")).to_be_visible()
    await page.get_by_role("link", name="To my events").click()
    await expect(page.get_by_role("heading", name="My events", level=1)).to_be_visible()


async def aborted(route: Route) -> None:
    await route.abort()


async def without_a_list_of_tickets(route: Route) -> None:
    """As if the API were of a release that this front end does not know."""
    if route.request.method != "GET":
        await route.continue_()
        return
    response = await route.fetch()
    view = await response.json()
    view["stages"]["ticketSetup"]["data"]["tiers"] = 2
    await route.fulfill(response=response, json=view)
