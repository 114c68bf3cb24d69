"""The whole wizard in a browser, from the first sign-in to a published event."""

from playwright.async_api import expect

from tests.web.device import DATE, Device


async def test_a_paid_event_is_published_and_sold_by_mouse(device: Device) -> None:
    await device.sign_in()
    await device.link("Begin an event").click()
    await device.field("What is it called?").fill("Nachtschicht")
    await device.button("Begin").click()

    await expect(device.heading("Who invites?")).to_be_visible()
    await device.page.get_by_label("Your name").fill("Studio Halm")
    await device.continue_to("Event")

    await expect(device.field("Title")).to_have_value("Nachtschicht")
    await device.choose("Fashion show")
    await device.field("Date").fill(DATE)
    await device.field("Starts").fill("20:00")
    await device.field("Time zone").select_option("Europe/Berlin")
    await device.continue_to("Venue")

    await device.choose("On site")
    await device.field("Name of the place").fill("Alte Gießerei")
    await device.field("Country").select_option("DE")
    await device.field("Street and number").fill("Gießereihof 12")
    await device.field("City").fill("Berlin")
    await device.continue_to("Tickets")

    await device.button("Add a ticket").click()
    await device.field("Name").fill("Standing")
    await device.field("Price").fill("25,00")
    await device.field("How many").fill("2")
    await device.button("Connect Stripe").click()
    await device.page.get_by_role("button", name="Complete").click()
    await expect(device.page.get_by_role("heading", name="Ready")).to_be_visible()
    await device.continue_to("Sponsors")
    await device.continue_to("Review")

    await device.field("I accept the terms for organizers.").check()
    await device.publish()
    await expect(device.heading("Nachtschicht is out.")).to_be_visible()

    await buy(device, "Standing", 1)
    await expect(device.page.get_by_role("row", name="Standing")).to_contain_text("1 of 2")


async def buy(device: Device, ticket: str, quantity: int) -> None:
    """A visitor, who is not signed in, orders and pays."""
    view = await device.view()
    answer = await device.context.request.get(
        f"{device.site.url}/v1/events/{view['event_id']}",
        headers={"Authorization": f"Bearer {await device.token()}"},
    )
    visitor = await device.context.browser.new_page()  # type: ignore[union-attr]  # launched
    await visitor.goto(f"{device.site.url}/e/{(await answer.json())['slug']}")
    await visitor.get_by_label(ticket).select_option(str(quantity))
    await visitor.get_by_role("button", name="Continue to payment").click()
    await visitor.get_by_role("button", name="Pay", exact=True).click()
    await visitor.wait_for_url(f"{device.site.url}/**")
    await visitor.context.close()
