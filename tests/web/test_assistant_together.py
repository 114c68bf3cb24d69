"""The assistant and the person in the same fields, and in two tabs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import BrowserContext, Locator, Page, Route, expect

from tests.web.device import Device
from tests.web.events import FREE_EVENT

RUNS: Final = "**/v1/copilot/agent/*/run"
SAVES: Final = "**/stages/eventSetup"
TICKET_SAVES: Final = "**/stages/ticketSetup"

SENTENCE: Final = 'The title is "The Hat Room", from 19:00 to 23:00'
"""Of which the assistant makes one write of three fields."""


class Held:
    """Answers of the API that do not reach the page before they are released."""

    def __init__(self) -> None:
        self.is_there = asyncio.Event()
        self._is_released = asyncio.Event()
        self._answers: list[asyncio.Future[None]] = []

    async def release(self) -> None:
        self._is_released.set()
        await asyncio.gather(*self._answers)

    async def hold(self, route: Route) -> None:
        reached = asyncio.get_running_loop().create_future()
        self._answers.append(reached)
        answer = await route.fetch()
        self.is_there.set()
        await self._is_released.wait()
        await route.fulfill(response=answer)
        reached.set_result(None)


@asynccontextmanager
async def held(context: BrowserContext, url: str) -> AsyncIterator[Held]:
    answers = Held()
    await context.route(url, answers.hold)
    yield answers
    await answers.release()
    await context.unroute(url, answers.hold)


@asynccontextmanager
async def held_back(context: BrowserContext, url: str) -> AsyncIterator[asyncio.Event]:
    """Requests do not reach the API before the block ends. The event is set with the first one."""
    is_made, may_go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        is_made.set()
        await may_go.wait()
        await route.fallback()

    await context.route(url, hold)
    yield is_made
    may_go.set()
    await context.unroute(url, hold)


async def open_assistant(page: Page) -> Locator:
    """The panel, once the conversation is there."""
    await page.get_by_role("button", name="Assistant", exact=True).click()
    panel = page.get_by_role("dialog", name="Assistant")
    await expect(panel.get_by_role("list", name="Answers")).to_be_visible()
    return panel


async def say(panel: Locator, sentence: str) -> None:
    await panel.get_by_label("Tell the assistant").fill(sentence)
    await panel.get_by_role("button", name="Send").click()


async def at_event(device: Device) -> Locator:
    """The panel beside the stage of an event that has a title and times."""
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    return await open_assistant(device.page)


async def test_what_is_typed_while_the_assistant_thinks_stands(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, RUNS) as answers:
        await say(panel, SENTENCE)
        await answers.is_there.wait()
        await device.field("Title").fill("My own title")

    await device.saved("eventSetup", title="My own title", startTime="19:00", endTime="23:00")
    await expect(panel.get_by_text("Title was changed in the meantime")).to_be_visible()
    await expect(device.field("Title")).to_have_value("My own title")
    await expect(device.page.get_by_role("radio", name="Yours")).to_have_count(0)

    await panel.get_by_role("button", name="Use for Title").click()
    await device.saved("eventSetup", title="The Hat Room")


async def test_what_is_saved_while_the_assistant_thinks_stands(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, RUNS) as answers:
        await say(panel, SENTENCE)
        await answers.is_there.wait()
        await device.field("Title").fill("My own title")
        await device.saved("eventSetup", title="My own title", startTime="20:00")

    await device.saved("eventSetup", title="My own title", startTime="19:00", endTime="23:00")
    await expect(panel.get_by_text("Title was changed in the meantime")).to_be_visible()


async def test_a_write_waits_while_the_person_types_in_its_field(device: Device) -> None:
    panel = await at_event(device)
    title = device.field("Title")
    async with held(device.context, SAVES) as saves:
        async with held(device.context, RUNS) as answers:
            await say(panel, SENTENCE)
            await answers.is_there.wait()
            await title.fill("My own title")
        await expect(panel.get_by_text("Waits while you type in Title.")).to_be_visible()
        await saves.is_there.wait()
        assert (await device.view())["stages"]["eventSetup"]["data"]["startTime"] == "20:00"

    await device.saved("eventSetup", title="My own title", startTime="19:00")
    await expect(panel.get_by_text("Waits while you type")).to_have_count(0)


async def test_what_is_typed_while_the_assistant_writes_stands(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, SAVES) as answers:
        async with held_back(device.context, SAVES) as is_made:
            await say(panel, SENTENCE)
            await is_made.wait()
            await device.field("Title").fill("My own title")
        await answers.is_there.wait()
        await device.saved("eventSetup", title="The Hat Room")
        # The stream has brought what the assistant wrote, before the answer.
        await expect(device.field("Starts")).to_have_value("19:00")
        await expect(device.page.get_by_role("radio", name="Yours")).to_have_count(0)

    await device.saved("eventSetup", title="My own title", startTime="19:00", endTime="23:00")
    await expect(panel.get_by_text("Title was changed in the meantime")).to_be_visible()
    await expect(device.page.get_by_role("radio", name="Yours")).to_have_count(0)


async def test_undo_takes_back_one_field_and_the_person_may_do_so_later(device: Device) -> None:
    panel = await at_event(device)
    await say(panel, SENTENCE)
    await device.saved("eventSetup", title="The Hat Room", startTime="19:00")
    await panel.get_by_role("button", name="Undo Title").click()
    await device.saved("eventSetup", title="Nachtschicht", startTime="19:00")

    await device.page.reload()
    panel = device.page.get_by_role("dialog", name="Assistant")
    await expect(panel.get_by_text("undone")).to_be_visible()
    await panel.get_by_role("button", name="Undo Starts").click()
    await device.saved("eventSetup", title="Nachtschicht", startTime="20:00", endTime="23:00")


async def test_two_tabs_have_one_assistant(device: Device) -> None:
    panel = await at_event(device)
    second = await device.context.new_page()
    await second.goto(device.page.url)
    other = await open_assistant(second)
    async with held(device.context, RUNS) as answers:
        await say(panel, SENTENCE)
        await answers.is_there.wait()
        await expect(other.get_by_text("The assistant is working in another tab.")).to_be_visible()
        await second.get_by_label("Title", exact=True).fill("From the other tab")
        # What is said meanwhile comes after it.
        await say(other, "Set the summary to One night of hats")
        await expect(other.get_by_text("Sent when the assistant has finished.")).to_be_visible()

    await device.saved(
        "eventSetup", title="From the other tab", startTime="19:00", summary="One night of hats"
    )
    for shown in (panel, other):
        await expect(shown.get_by_text("Title was changed in the meantime")).to_be_visible()
        await expect(shown.get_by_text("One night of hats").first).to_be_visible()
        await expect(shown.get_by_text(SENTENCE)).to_have_count(1)
    await second.close()


async def test_another_tab_repeats_the_write_of_one_that_is_closed(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "ticketSetup")
    second = await device.context.new_page()
    await second.goto(device.page.url)
    other = await open_assistant(second)
    panel = await open_assistant(device.page)
    async with held(device.context, TICKET_SAVES) as answers:
        await say(panel, "Add a ticket: VIP for 80 euros")
        await answers.is_there.wait()
        await device.page.close()

    device.page = second
    await expect(other.get_by_text("VIP").last).to_be_visible()
    await expect(other.get_by_role("button", name="Undo Tickets")).to_be_visible()
    tiers = (await device.view())["stages"]["ticketSetup"]["data"]["tiers"]
    assert [tier["name"] for tier in tiers] == ["Standing", "VIP"]
