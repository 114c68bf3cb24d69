"""Where the focus is once another page is shown: screen readers say what has it, and the keyboard
goes on from there."""

from playwright.async_api import expect

from tests.web.conftest import NewDevice
from tests.web.device import PHONE, Device
from tests.web.hands import Keyboard
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


async def test_escape_closes_a_row_that_is_open_and_keeps_what_was_typed(device: Device) -> None:
    hands, keyboard = Keyboard(device.page), device.page.keyboard
    await device.sign_in()
    tiers = [{"name": name, "kind": "free", "quantity": 60} for name in ("Seated", "Standing")]
    pictures = {"gallery": [{"url": "https://halm.example/felt.jpg", "alt": "Felt"}]}
    session = await device.begin(
        {
            "ticket": {"currency": "eur", "tiers": tiers},
            "sponsor": {"sponsors": [{"name": "Feltros", "tier": "partner"}], "media": pictures},
        }
    )
    await device.open_stage(session, "ticketSetup")
    await hands.press(device.button("Change Standing"))
    await hands.write(device.field("How many"), "75")
    await keyboard.press("Escape")
    await expect(device.button("Change Standing")).to_be_focused()
    await expect(device.page.get_by_text("\N{MULTIPLICATION SIGN} 75")).to_be_visible()

    await device.open_stage(session, "sponsorsMedia")
    await hands.press(device.page.get_by_role("button", name="Picture 1."))
    await hands.write(device.field("What does the picture show?"), "Grey felt")
    await keyboard.press("Escape")
    await expect(device.page.get_by_role("button", name="Picture 1. Grey felt")).to_be_focused()

    await hands.press(device.button("Change Feltros"))
    await hands.write(device.field("Name"), "Junta")
    await keyboard.press("Escape")
    await expect(device.button("Change Junta")).to_be_focused()


async def test_escape_closes_an_open_list_of_choices_before_its_row(device: Device) -> None:
    hands, keyboard = Keyboard(device.page), device.page.keyboard
    await device.sign_in()
    session = await device.begin({"sponsor": {"sponsors": [{"name": "Junta", "tier": "gold"}]}})
    await device.open_stage(session, "sponsorsMedia")
    await hands.press(device.button("Change Junta"))
    role = device.field("Role")
    await hands.choose(role)
    await keyboard.press("Escape")
    await expect(role).to_be_focused()
    await keyboard.press("Escape")
    await expect(device.button("Change Junta")).to_be_focused()
