"""The whole wizard in a browser, from the first sign-in to a published event."""

from playwright.async_api import Browser, expect

from tests.web.conftest import NewDevice
from tests.web.device import DATE, PHONE, Device, visit
from tests.web.hands import Finger, Hands, Keyboard, Mouse


async def fill_in(device: Device, hands: Hands) -> None:
    """From the list of events, which is empty, to the tickets."""
    await hands.press(device.link("Begin an event"))
    await hands.write(device.field("Describe your event"), "Nachtschicht")
    await device.has_understood()
    await hands.press(device.button("Begin with these"))

    await expect(device.heading("Who invites?")).to_be_visible()
    await hands.write(device.page.get_by_label("Your name"), "Studio Halm")
    await continue_to(device, hands, "Event")

    await expect(device.field("Title")).to_have_value("Nachtschicht")
    await hands.choose(device.radio("Fashion show"))
    await hands.set_date(device.field("Date"), DATE)
    await hands.set_time(device.field("Starts"))
    await continue_to(device, hands, "Venue")

    await hands.choose(device.radio("On site"))
    await hands.write(device.field("Name of the place"), "Alte Gießerei")
    await hands.select(device.field("Country"), "Germany")
    await hands.write(device.field("Street and number"), "Gießereihof 12")
    await hands.write(device.field("City"), "Berlin")
    await continue_to(device, hands, "Tickets")


async def continue_to(device: Device, hands: Hands, stage: str) -> None:
    await hands.press(device.button(f"Continue to {stage}"))
    await expect(device.page.locator("nav [aria-current=step]")).to_contain_text(stage)


async def publish(device: Device, hands: Hands) -> None:
    """From the tickets."""
    await continue_to(device, hands, "Sponsors")
    await continue_to(device, hands, "Review")
    await hands.choose(device.field("I accept the terms for organizers."))
    await hands.press(device.button("Publish"))
    await expect(device.heading("Nachtschicht is out.")).to_be_visible()


async def test_a_paid_event_is_published_and_sold_by_mouse(
    device: Device, browser: Browser
) -> None:
    hands = Mouse()
    await device.sign_in()
    await fill_in(device, hands)

    await device.button("Add a ticket").click()
    await device.field("Name").fill("Standing")
    await device.field("Price").fill("25,00")
    await device.field("How many").fill("2")
    await device.button("Connect Stripe").click()
    await device.page.get_by_role("button", name="Complete").click()
    await expect(device.page.get_by_role("heading", name="Ready")).to_be_visible()
    await publish(device, hands)

    visitor = await visit(device, browser)
    await visitor.get_by_label("Standing").select_option("1")
    await visitor.get_by_role("button", name="Continue to payment").click()
    await visitor.get_by_role("button", name="Pay", exact=True).click()
    await visitor.wait_for_url(f"{device.site.url}/**")
    await visitor.close()
    await expect(device.page.get_by_role("row", name="Standing")).to_contain_text("1 of 2")


async def test_the_keyboard_alone_publishes_an_event(device: Device) -> None:
    hands = Keyboard(device.page)
    await device.sign_in()
    await fill_in(device, hands)

    await hands.press(device.button("Add a ticket"))
    await hands.write(device.field("Name"), "Standing")
    await hands.choose(device.radio("Free"))
    await publish(device, hands)


async def test_a_phone_publishes_an_event(new_device: NewDevice) -> None:
    device = await new_device(**PHONE)
    hands = Finger()
    await device.sign_in()
    await fill_in(device, hands)

    await device.button("Add a ticket").tap()
    await device.field("Name").fill("Standing")
    await hands.choose(device.radio("Free"))
    await publish(device, hands)
