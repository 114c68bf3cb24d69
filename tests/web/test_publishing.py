"""Publishing in a browser: pressed twice, interrupted, and taken up on another device."""

from playwright.async_api import expect

from tests.support.paid_sessions import start_seller
from tests.web.conftest import NewDevice
from tests.web.device import ADA, NOOR, Device
from tests.web.events import READY_EVENT

OUT = "Nachtschicht is out."

SLOW_MS = 60_000
"""Temporal repeats an activity of a killed worker after its heartbeat's timeout."""


async def ready_to_publish(device: Device, person: tuple[str, str] | None = None) -> str:
    await device.sign_in(person)
    session = await device.begin(READY_EVENT)
    await device.open_stage(session, "reviewPublish")
    await expect(device.button("Publish")).to_be_visible()
    return session


async def test_a_double_click_publishes_once(device: Device) -> None:
    await ready_to_publish(device)

    await device.button("Publish").dblclick()

    await expect(device.heading(OUT)).to_be_visible()
    view = await device.view()
    assert view["publication"]["state"] == "published"
    assert len([url for url in device.requests if url.endswith("/publish")]) == 1


async def paid_event(device: Device, person: tuple[str, str] | None = None) -> str:
    """A session that sells tickets, shown before it is published."""
    await device.sign_in(person)
    async with await device.api() as http:
        seller = await start_seller(http, device.site.stand_in, title="Nachtschicht")
    await device.open_stage(seller.wizard.session_id, "reviewPublish")
    return seller.wizard.session_id


async def publish_slowly(device: Device) -> None:
    """Returns while the page shows the steps, of which one takes its time at Stripe."""
    await device.site.stand_in.fail("slow", path="/v1/products", seconds=5)
    await device.button("Publish").click()
    await expect(device.heading("Publishing Nachtschicht")).to_be_visible()


async def test_a_worker_killed_while_publishing_only_delays_it(device: Device) -> None:
    await paid_event(device)
    await publish_slowly(device)

    device.site.kill_worker()
    await device.site.start_worker()

    await expect(device.heading(OUT)).to_be_visible(timeout=SLOW_MS)


async def test_a_publication_is_followed_on_another_device(new_device: NewDevice) -> None:
    first, second = await new_device(), await new_device()
    await second.sign_in(NOOR)
    session = await paid_event(first, ADA)
    await publish_slowly(first)

    await first.page.close()
    await second.open_stage(session, "reviewPublish")

    await expect(second.heading(OUT)).to_be_visible(timeout=SLOW_MS)


async def test_sales_are_paused_and_resumed(device: Device) -> None:
    await paid_event(device)
    await device.button("Publish").click()

    await device.button("Pause sales").click()
    await expect(device.button("Resume sales")).to_be_visible()
    await device.button("Resume sales").click()

    await expect(device.button("Pause sales")).to_be_visible()
