"""The assistant fills in the whole wizard; the person accepts the terms and confirms."""

from playwright.async_api import Locator, expect

from tests.web.assistant_panel import AssistantPanel
from tests.web.conftest import NewDevice
from tests.web.device import DATE, PHONE, Device
from tests.web.events import FREE_EVENT
from tests.web.publications import OUT

SMALLEST_TARGET = 44
"""Pixels, for a finger."""


async def test_the_assistant_fills_in_the_wizard_up_to_a_published_event(device: Device) -> None:
    await device.sign_in()
    await device.open_stage(await device.begin(), "organizerSetup")
    panel = AssistantPanel(device)
    await panel.open()

    await fill_in(panel)

    await publish(panel)


async def fill_in(panel: AssistantPanel) -> None:
    """All stages of an empty session, with refusals and a question."""
    device = panel.device
    await expect(await panel.say("Continue")).to_contain_text('"Name" is required.')
    await panel.say("The organizer is Studio Halm")
    await device.saved("organizerSetup", name="Studio Halm")
    await panel.say("Continue")
    await stands_at(device, "Event")

    show = f'A fashion show called "Nachtschicht" on {DATE} at 7 in Berlin'
    await expect(await panel.say(show)).to_contain_text("in the morning or in the evening?")
    await panel.choose("19:00 in the evening")
    await panel.choose("Save these")
    await device.saved("eventSetup", title="Nachtschicht", date=DATE, startTime="19:00")
    await expect(device.field("Title")).to_have_value("Nachtschicht")
    await panel.say("Continue")
    await stands_at(device, "Venue")

    await expect(await panel.say("Continue")).to_contain_text("required")
    await panel.say("At Alte Gießerei, 12 Foundry Street in Berlin, 260 people")
    await panel.choose("Save these")
    await device.saved("venueSetup", name="Alte Gießerei", capacity=260)
    await panel.say("Continue")
    await stands_at(device, "Tickets")

    await expect(await panel.say("Continue")).to_contain_text("Add at least one ticket.")
    await panel.say("Add a ticket Standing for free, 140 of them")
    await panel.say("Continue")
    await stands_at(device, "Sponsors and media")
    await panel.say("Continue")
    await stands_at(device, "Review")


async def stands_at(device: Device, stage: str) -> None:
    await expect(device.page.locator("nav [aria-current=step]")).to_contain_text(stage)


async def publish(panel: AssistantPanel) -> None:
    """The dialog has all that is published, and nothing is before the person confirms."""
    device = panel.device
    await panel.send("Publish")
    question = device.page.get_by_role("dialog", name="Publish Nachtschicht?")
    await expect(question).to_contain_text("Standing, free")
    await question.get_by_role("button", name="Publish", exact=True).click()
    await expect(question.get_by_text("Accept the terms to publish.")).to_be_visible()
    assert (await device.view())["publication"]["state"] == "none"

    await accept_terms(question)
    await question.get_by_role("button", name="Publish", exact=True).click()
    await expect(question).to_be_hidden()
    await panel.is_at_rest()
    await expect(panel.answer).to_contain_text("The event is being published.")
    await device.open_stage(device.session_id, "reviewPublish")
    await expect(device.heading(OUT)).to_be_visible()


async def accept_terms(question: Locator) -> None:
    await question.get_by_role("checkbox", name="I accept the terms").locator("xpath=..").click()


async def test_a_person_who_says_not_yet_publishes_nothing(device: Device) -> None:
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "eventSetup")
    panel = AssistantPanel(device)
    await panel.open()

    await panel.send("Publish")
    question = device.page.get_by_role("dialog", name="Publish Nachtschicht?")
    await question.get_by_role("button", name="Not yet").click()
    await panel.is_at_rest()

    await expect(panel.answer).to_contain_text("Nothing was published.")
    assert (await device.view())["publication"]["state"] == "none"


async def test_what_was_done_can_be_undone(device: Device) -> None:
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "eventSetup")
    panel = AssistantPanel(device)
    await panel.open()

    await panel.say("It ends at 23:15")
    await expect(device.field("Ends, optional")).to_have_value("23:15")
    await panel.button("Undo Ends").click()

    await expect(device.field("Ends, optional")).to_have_value("22:30")
    await device.saved("eventSetup", endTime="22:30")
    await expect(panel.log.get_by_text("undone")).to_be_visible()


async def test_suggestions_are_used_one_by_one(device: Device) -> None:
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "sponsorsMedia")
    panel = AssistantPanel(device)
    await panel.open()
    await panel.say("Remove the hashtag")

    await panel.say("Suggest a hashtag")
    await panel.log.get_by_role("button", name="Use for Hashtag").first.click()

    await device.saved("sponsorsMedia", hashtag="#Nachtschicht")


async def test_a_phone_talks_to_the_assistant_in_a_sheet_from_below(
    new_device: NewDevice,
) -> None:
    device = await new_device(**PHONE)
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "eventSetup")
    panel = AssistantPanel(device)
    await panel.open()

    window = device.page.viewport_size
    sheet = await panel.dialog.bounding_box()
    assert window is not None
    assert sheet is not None
    assert 0.7 < sheet["height"] / window["height"] < 0.8
    assert sheet["y"] + sheet["height"] == window["height"]
    await panel.say("It ends at 23:15")
    await expect(panel.button("Undo Ends")).to_be_visible()
    assert await smaller_targets(panel) == []

    await publish(panel)


async def smaller_targets(panel: AssistantPanel) -> list[str]:
    """The names of buttons that are too small for a finger."""
    found: list[str] = await panel.dialog.evaluate(
        """(panel, smallest) => [...panel.querySelectorAll("button")]
            .filter(button => button.checkVisibility())
            .filter(button => button.offsetHeight < smallest || button.offsetWidth < smallest)
            .map(button => button.textContent || button.ariaLabel)""",
        SMALLEST_TARGET,
    )
    return found


async def test_a_sheet_that_is_dragged_down_closes(new_device: NewDevice) -> None:
    device = await new_device(**PHONE)
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "eventSetup")
    panel = AssistantPanel(device)
    await panel.open()
    head = await panel.dialog.get_by_role("heading", name="Assistant").bounding_box()
    assert head is not None

    mouse = device.page.mouse
    await mouse.move(head["x"] + 10, head["y"] + 10)
    await mouse.down()
    await mouse.move(head["x"] + 10, head["y"] + 200, steps=5)
    await mouse.up()

    await expect(panel.dialog).to_be_hidden()
    await expect(panel.opener).to_be_focused()


async def test_the_question_stays_above_the_panel_in_a_window_that_gets_narrow(
    device: Device,
) -> None:
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "eventSetup")
    panel = AssistantPanel(device)
    await panel.open()
    await panel.send("Publish")
    question = device.page.get_by_role("dialog", name="Publish Nachtschicht?")
    await expect(question).to_be_visible()

    await device.page.set_viewport_size({"width": 800, "height": 900})

    await question.get_by_role("button", name="Not yet").click()
    await expect(question).to_be_hidden()


async def test_a_panel_that_a_reload_opens_takes_the_focus_only_later(device: Device) -> None:
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "eventSetup")
    panel = AssistantPanel(device)
    await panel.open()
    await expect(panel.field).to_be_focused()

    await device.page.reload()
    await panel.is_ready()
    await expect(panel.field).not_to_be_focused()
    await panel.button("Close the assistant").click()
    await expect(panel.opener).to_be_focused()
    await panel.open()
    await expect(panel.field).to_be_focused()
