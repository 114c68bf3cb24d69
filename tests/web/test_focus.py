"""Where the focus is once another page is shown: screen readers say what has it, and the keyboard
goes on from there."""

from playwright.async_api import expect

from tests.web.conftest import NewDevice
from tests.web.device import PHONE, Device
from tests.web.publications import CLEAR, OUT, ready_to_publish


async def heading_has_the_focus(device: Device, text: str) -> None:
    await expect(device.heading(text)).to_be_focused()


async def test_a_page_that_a_link_leads_to_has_the_focus_at_its_heading(
    new_device: NewDevice,
) -> None:
    device = await new_device(**PHONE)
    await ready_to_publish(device)
    await device.link("History").tap()
    await heading_has_the_focus(device, "History")
    await device.page.go_back()
    await heading_has_the_focus(device, CLEAR)
    await device.link("Preview").tap()
    await heading_has_the_focus(device, "Proof")
    await device.link("Back to the form").tap()
    await heading_has_the_focus(device, CLEAR)
    await device.link("Event Wizard, my events").tap()
    await heading_has_the_focus(device, "My events")
    await device.link("New event").tap()
    await heading_has_the_focus(device, "Describe your event")


async def test_a_published_event_has_the_focus_at_its_heading(device: Device) -> None:
    await ready_to_publish(device)
    await device.button("Publish").click()
    await heading_has_the_focus(device, OUT)
    await expect(device.page).to_have_title("Published: Nachtschicht")


async def test_the_first_page_has_the_focus_at_its_top(device: Device) -> None:
    session = await ready_to_publish(device)
    await device.open(f"/s/{session}/history")
    await expect(device.heading("History")).to_be_visible()
    await device.page.keyboard.press("Tab")
    await expect(device.link("Skip to content")).to_be_focused()


async def test_a_row_that_is_closed_has_the_focus_at_its_button(device: Device) -> None:
    await device.sign_in()
    sponsors = {"sponsors": [{"name": "Feltros", "tier": "partner"}, {"name": "Junta"}]}
    session = await device.begin({"sponsor": sponsors})
    await device.open_stage(session, "sponsorsMedia")
    await device.button("Change Junta").click()
    await expect(device.field("Name")).to_have_value("Junta")
    await device.page.keyboard.press("Tab")
    await expect(device.field("Name")).to_be_focused()

    await device.button("Done").click()
    await expect(device.button("Change Junta")).to_be_focused()
