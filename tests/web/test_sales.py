"""The sales of a published event in a browser, and what a visitor of its page can do meanwhile."""

from playwright.async_api import Browser, Locator, Page, expect

from tests.web.device import Device, visit
from tests.web.events import PAID_TICKETS
from tests.web.publications import paid_event, ready_to_publish


async def published_event(device: Device) -> None:
    await paid_event(device)
    await device.button("Publish").click()
    await expect(device.button("Pause sales")).to_be_visible()


async def test_sales_are_paused_and_resumed(device: Device, browser: Browser) -> None:
    await published_event(device)
    visitor = await visit(device, browser)
    await expect(buying(visitor)).to_be_visible()

    await device.button("Pause sales").click()
    await expect(device.button("Resume sales")).to_be_visible()
    await expect(device.page.get_by_text("Sales are paused.")).to_be_visible()
    await visitor.reload()
    await expect(buying(visitor)).to_have_count(0)

    await device.button("Resume sales").click()
    await expect(device.button("Pause sales")).to_be_visible()
    await visitor.reload()
    await expect(buying(visitor)).to_be_visible()
    await visitor.close()


async def test_sales_are_closed_for_good_after_a_question(device: Device, browser: Browser) -> None:
    await published_event(device)
    question = device.page.get_by_role("dialog", name="Close sales for good?")
    await device.button("Close sales for good").click()
    await question.get_by_role("button", name="Keep them open").click()
    await expect(question).to_be_hidden()
    await expect(device.button("Pause sales")).to_be_visible()

    await device.button("Close sales for good").click()
    await question.get_by_role("button", name="Close sales for good").click()

    await expect(device.page.get_by_text("Sales are closed.")).to_be_visible()
    for name in ("Pause sales", "Resume sales", "Close sales for good"):
        await expect(device.button(name)).to_have_count(0)
    visitor = await visit(device, browser)
    await expect(buying(visitor)).to_have_count(0)
    await visitor.close()


async def test_stripe_is_disconnected_after_a_question(device: Device, browser: Browser) -> None:
    await published_event(device)
    visitor = await visit(device, browser)
    await expect(buying(visitor)).to_be_visible()
    await device.open_stage(await device.begin({"ticket": PAID_TICKETS}), "ticketSetup")

    question = device.page.get_by_role("dialog", name="Disconnect Stripe?")
    await device.button("Disconnect").click()
    await expect(question).to_contain_text("All your published events stop selling tickets")
    await question.get_by_role("button", name="Disconnect").click()

    await expect(device.page.get_by_role("heading", name="Disconnected")).to_be_visible()
    await visitor.reload()
    await expect(buying(visitor)).to_have_count(0)
    await visitor.close()


async def test_an_event_with_free_entry_has_no_sales_to_close(device: Device) -> None:
    await ready_to_publish(device)
    async with device.page.expect_response(lambda answer: answer.url.endswith("/sales")) as sales:
        await device.button("Publish").click()
    await (await sales.value).finished()
    await expect(device.button("Make another from this one")).to_be_visible()
    await expect(device.button("Close sales for good")).to_have_count(0)


def buying(visitor: Page) -> Locator:
    return visitor.get_by_role("button", name="Continue to payment")
