"""A publication at a time that the person chooses."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.web.axe import barriers_on
from tests.web.device import Device
from tests.web.hands import Mouse
from tests.web.publications import ready_to_publish

AT = (datetime.now(UTC) + timedelta(days=9)).replace(hour=10, minute=30)
"""In the person's own zone, as people type it; well before the event."""


async def test_a_publication_is_scheduled_and_called_off(device: Device) -> None:
    session = await ready_to_publish(device)
    await Mouse().choose(device.radio("At a time I choose"))
    await device.button("Publish at that time").click()
    await expect(device.page.get_by_text("Choose a day and a time.")).to_be_visible()

    await device.field("Public from").fill(f"{AT:%Y-%m-%dT%H:%M}")
    await device.button("Publish at that time").click()
    await expect(device.heading("Nachtschicht is set.")).to_be_visible()
    when = f"It goes public on {AT.day} {AT:%B %Y} at {AT:%H:%M}."
    await expect(device.page.get_by_text(when)).to_be_visible()
    assert await barriers_on(device.page) == {}
    await device.open("/")
    await expect(device.page.get_by_text("Goes public on")).to_be_visible()

    await device.open_stage(session, "reviewPublish")
    await device.button("Do not publish").click()
    await expect(device.button("Publish")).to_be_visible()
    assert (await device.view())["publication"]["state"] == "none"
