"""The assistant and the person in the same fields, and in two tabs."""

from typing import Final

from playwright.async_api import expect

from tests.web.assistant_panel import AssistantPanel, open_beside_event
from tests.web.device import Device
from tests.web.events import FREE_EVENT
from tests.web.held_requests import held

RUNS: Final = "**/v1/copilot/agent/*/run"
SAVES: Final = "**/stages/eventSetup"
TICKET_SAVES: Final = "**/stages/ticketSetup"

SENTENCE: Final = 'The title is "The Hat Room", from 19:00 to 23:00'
"""Of which the assistant makes one write of three fields."""


async def test_what_is_typed_while_the_assistant_thinks_stands(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, RUNS) as answers:
        await panel.send(SENTENCE)
        await answers.is_there.wait()
        await device.field("Title").fill("My own title")

    await device.saved("eventSetup", title="My own title", startTime="19:00", endTime="23:00")
    await expect(panel.dialog.get_by_text("Title was changed in the meantime")).to_be_visible()
    await expect(device.field("Title")).to_have_value("My own title")
    await expect(device.page.get_by_role("radio", name="Yours")).to_have_count(0)

    await panel.dialog.get_by_role("button", name="Use for Title").click()
    await device.saved("eventSetup", title="The Hat Room")


async def test_what_is_saved_while_the_assistant_thinks_stands(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, RUNS) as answers:
        await panel.send(SENTENCE)
        await answers.is_there.wait()
        await device.field("Title").fill("My own title")
        await device.saved("eventSetup", title="My own title", startTime="20:00")

    await device.saved("eventSetup", title="My own title", startTime="19:00", endTime="23:00")
    await expect(panel.dialog.get_by_text("Title was changed in the meantime")).to_be_visible()


async def test_a_write_waits_while_the_person_types_in_its_field(device: Device) -> None:
    panel = await open_beside_event(device)
    title = device.field("Title")
    async with held(device.context, SAVES) as saves:
        async with held(device.context, RUNS) as answers:
            await panel.send(SENTENCE)
            await answers.is_there.wait()
            await title.fill("My own title")
        await expect(panel.dialog.get_by_text("Waits while you type in Title.")).to_be_visible()
        await saves.is_there.wait()
        assert (await device.view())["stages"]["eventSetup"]["data"]["startTime"] == "20:00"

    await device.saved("eventSetup", title="My own title", startTime="19:00")
    await expect(panel.dialog.get_by_text("Waits while you type")).to_have_count(0)


async def test_what_is_typed_while_the_assistant_writes_stands(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, SAVES) as answers:
        async with held(device.context, SAVES, reach_the_api=False) as writes:
            await panel.send(SENTENCE)
            await writes.is_there.wait()
            await device.field("Title").fill("My own title")
        await answers.is_there.wait()
        await device.saved("eventSetup", title="The Hat Room")
        # The stream has brought what the assistant wrote, before the answer.
        await expect(device.field("Starts")).to_have_value("19:00")
        await expect(device.page.get_by_role("radio", name="Yours")).to_have_count(0)

    await device.saved("eventSetup", title="My own title", startTime="19:00", endTime="23:00")
    await expect(panel.dialog.get_by_text("Title was changed in the meantime")).to_be_visible()
    await expect(device.page.get_by_role("radio", name="Yours")).to_have_count(0)


async def test_undo_takes_back_one_field_and_the_person_may_do_so_later(device: Device) -> None:
    panel = await open_beside_event(device)
    await panel.send(SENTENCE)
    await device.saved("eventSetup", title="The Hat Room", startTime="19:00")
    await panel.dialog.get_by_role("button", name="Undo Title").click()
    await device.saved("eventSetup", title="Nachtschicht", startTime="19:00")

    await device.page.reload()
    await expect(panel.dialog.get_by_text("undone")).to_be_visible()
    await panel.dialog.get_by_role("button", name="Undo Starts").click()
    await device.saved("eventSetup", title="Nachtschicht", startTime="20:00", endTime="23:00")


async def test_two_tabs_have_one_assistant(device: Device) -> None:
    panel = await open_beside_event(device)
    second = await device.context.new_page()
    await second.goto(device.page.url)
    other = AssistantPanel(device, second)
    await other.open()
    async with held(device.context, RUNS) as answers:
        await panel.send(SENTENCE)
        await answers.is_there.wait()
        await expect(
            other.dialog.get_by_text("The assistant is working in another tab.")
        ).to_be_visible()
        await second.get_by_label("Title", exact=True).fill("From the other tab")
        # What is said meanwhile comes after it.
        await other.send("Set the summary to One night of hats")
        await expect(
            other.dialog.get_by_text("Sent when the assistant has finished.")
        ).to_be_visible()

    await device.saved(
        "eventSetup", title="From the other tab", startTime="19:00", summary="One night of hats"
    )
    for shown in (panel, other):
        await expect(shown.dialog.get_by_text("Title was changed in the meantime")).to_be_visible()
        await expect(shown.dialog.get_by_text("One night of hats").first).to_be_visible()
        await expect(shown.dialog.get_by_text(SENTENCE)).to_have_count(1)
    await second.close()


async def test_another_tab_repeats_the_write_of_one_that_is_closed(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "ticketSetup")
    second = await device.context.new_page()
    await second.goto(device.page.url)
    other = AssistantPanel(device, second)
    await other.open()
    panel = AssistantPanel(device)
    await panel.open()
    async with held(device.context, TICKET_SAVES) as answers:
        await panel.send("Add a ticket: VIP for 80 euros")
        await answers.is_there.wait()
        await device.page.close()

    device.page = second
    await expect(other.dialog.get_by_text("VIP").last).to_be_visible()
    await expect(other.dialog.get_by_role("button", name="Undo Tickets")).to_be_visible()
    tiers = (await device.view())["stages"]["ticketSetup"]["data"]["tiers"]
    assert [tier["name"] for tier in tiers] == ["Standing", "VIP"]
