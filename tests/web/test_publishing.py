"""Publishing in a browser: pressed twice, interrupted, and taken up on another device."""

from playwright.async_api import expect

from tests.web.device import Device
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
