"""A conversation with the assistant goes on after what interrupts it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Locator, Page, Route, expect

from tests.web.conftest import NewDevice
from tests.web.device import PHONE, Device
from tests.web.events import FREE_EVENT

RUNS: Final = "**/v1/copilot/agent/*/run"
SAVES: Final = "**/stages/eventSetup"

SENTENCE: Final = 'The title is "The Hat Room"'
TITLE: Final = "The Hat Room"


class Held:
    """Requests whose answers do not reach the page before they are released."""

    def __init__(self, *, reach_the_api: bool) -> None:
        self.is_there = asyncio.Event()
        self._reach_the_api = reach_the_api
        self._is_released = asyncio.Event()
        self._routes: list[asyncio.Future[None]] = []

    async def hold(self, route: Route) -> None:
        done = asyncio.get_running_loop().create_future()
        self._routes.append(done)
        answer = await route.fetch() if self._reach_the_api else None
        self.is_there.set()
        await self._is_released.wait()
        with suppress(Error):  # the page that has asked is gone
            await (route.continue_() if answer is None else route.fulfill(response=answer))
        done.set_result(None)

    async def release(self) -> None:
        self._is_released.set()
        await asyncio.gather(*self._routes)


@asynccontextmanager
async def held(
    context: BrowserContext, url: str, *, reach_the_api: bool = True
) -> AsyncIterator[Held]:
    answers = Held(reach_the_api=reach_the_api)
    await context.route(url, answers.hold)
    yield answers
    await context.unroute(url, answers.hold)
    await answers.release()


def panel_on(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Assistant")


async def open_panel(page: Page) -> Locator:
    """The panel, once the conversation is there."""
    await page.get_by_role("button", name="Assistant", exact=True).click()
    panel = panel_on(page)
    await expect(panel.get_by_role("list", name="Answers")).to_be_visible()
    return panel


async def at_event(device: Device) -> Locator:
    """The panel beside the stage of an event that has a title."""
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    return await open_panel(device.page)


async def say(panel: Locator, sentence: str) -> None:
    field = panel.get_by_label("Tell the assistant")
    await field.fill(sentence)
    await field.press("Enter")


async def expect_one_change(device: Device) -> None:
    """The sentence has had its effect, once, and is answered once."""
    panel = panel_on(device.page)
    await device.saved("eventSetup", title=TITLE)
    await expect(panel.get_by_role("button", name="Undo Title")).to_be_visible()
    await expect(panel.get_by_text("Saved: Title.")).to_have_count(1)
    await expect(panel.get_by_text(SENTENCE)).to_have_count(1)
    assert (await device.view())["revision"] == 2


async def test_a_reload_before_the_sentence_arrives_sends_it_again(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, RUNS, reach_the_api=False) as runs:
        await say(panel, SENTENCE)
        await runs.is_there.wait()
        await device.page.reload()
        await expect(panel.get_by_text(SENTENCE)).to_be_visible()

    await expect_one_change(device)


async def test_a_reload_in_the_middle_of_an_answer_gives_it_whole(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, RUNS) as runs:
        await say(panel, SENTENCE)
        await runs.is_there.wait()
        async with held(device.context, RUNS):
            await device.page.reload()
            await expect(panel.get_by_text(SENTENCE)).to_be_visible()

    await expect_one_change(device)


async def test_a_reload_in_the_middle_of_a_tool_repeats_its_request(device: Device) -> None:
    panel = await at_event(device)
    keys: list[str] = []
    device.context.on(
        "request",
        lambda request: (
            keys.append(request.headers["idempotency-key"]) if request.method == "PATCH" else None
        ),
    )
    async with held(device.context, SAVES) as writes:
        await say(panel, SENTENCE)
        await writes.is_there.wait()
        await device.page.reload()

    await expect_one_change(device)
    assert len(set(keys)) == 1
    assert len(keys) > 1


async def test_a_reload_before_a_tool_has_its_effect_runs_it(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, SAVES, reach_the_api=False) as writes:
        await say(panel, SENTENCE)
        await writes.is_there.wait()
        await device.page.reload()
        await expect(panel.get_by_text(SENTENCE)).to_be_visible()

    await expect_one_change(device)


async def test_a_sentence_while_a_tool_runs_is_sent_after_it(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, SAVES) as writes:
        await say(panel, SENTENCE)
        await writes.is_there.wait()
        await say(panel, "It starts at 19:00")
        await expect(panel.get_by_text("Sent when the assistant has finished.")).to_be_visible()

    await device.saved("eventSetup", title=TITLE, startTime="19:00")
    await expect(panel.get_by_text("Sent when the assistant has finished.")).to_have_count(0)
    await expect(panel.get_by_text("Saved: Title.")).to_be_visible()
    await expect(panel.get_by_role("button", name="Undo Starts")).to_be_visible()


async def test_a_sentence_that_waits_survives_a_reload(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, SAVES) as writes:
        await say(panel, SENTENCE)
        await writes.is_there.wait()
        await say(panel, "It starts at 19:00")
        await expect(panel.get_by_text("Sent when the assistant has finished.")).to_be_visible()
        await device.page.reload()

    await device.saved("eventSetup", title=TITLE, startTime="19:00")
    await expect(panel.get_by_text("It starts at 19:00")).to_have_count(1)


async def test_a_stopped_tool_is_not_run_after_a_reload(device: Device) -> None:
    panel = await at_event(device)
    async with held(device.context, RUNS) as runs:
        await say(panel, SENTENCE)
        await runs.is_there.wait()
        await panel.get_by_role("button", name="Stop").click()
        await expect(panel.get_by_role("button", name="Stop")).to_have_count(0)
        await device.page.reload()
        await expect(panel.get_by_text(SENTENCE)).to_be_visible()

    await expect(panel.get_by_role("list", name="Answers")).to_be_visible()
    await say(panel, "It starts at 19:00")
    await device.saved("eventSetup", title="Nachtschicht", startTime="19:00")


async def test_while_the_api_is_away_the_sentence_stays(device: Device) -> None:
    panel = await at_event(device)
    device.site.kill_api()
    await say(panel, SENTENCE)
    await expect(panel.get_by_role("alert")).to_contain_text("cannot be reached")
    await expect(panel.get_by_text(SENTENCE)).to_be_visible()

    await device.site.start_api()
    again = panel.get_by_role("button", name="Try again")
    with suppress(Error):  # it has tried again by itself, once the session was live
        await again.click(timeout=3_000)
    await expect_one_change(device)
    await expect(panel.get_by_role("alert")).to_have_text("")


FAILURES: Final = {
    "a limit": ({"status": 429, "json": {"code": "rate_limited"}}, "Too many requests at once"),
    "an error": (
        {
            "status": 200,
            "content_type": "text/event-stream",
            "body": 'data: {"type":"RUN_ERROR","code":"internal_error","message":"It failed."}\n\n',
        },
        "did not finish its answer",
    ),
    "an end in the middle": (
        {
            "status": 200,
            "content_type": "text/event-stream",
            "body": 'data: {"type":"RUN_STARTED","threadId":"t","runId":"r"}\n\n'
            'data: {"type":"TEXT_MESSAGE_START","messageId":"m","role":"assistant"}\n\n'
            'data: {"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":"Half of"}\n\n',
        },
        "did not finish its answer",
    ),
}


async def fulfill(response: dict[str, Any], route: Route) -> None:
    await route.fulfill(**response)


async def test_an_answer_that_fails_is_asked_for_again(device: Device) -> None:
    panel = await at_event(device)
    for hour, (name, (response, words)) in enumerate(FAILURES.items(), 13):
        fail = partial(fulfill, response)
        await device.context.route(RUNS, fail)
        await say(panel, f"It starts at {hour}:00")
        await expect(panel.get_by_role("alert"), name).to_contain_text(words)
        await expect(panel.get_by_text("Half of")).to_have_count(0)
        await device.context.unroute(RUNS, fail)
        await panel.get_by_role("button", name="Try again").click()
        await device.saved("eventSetup", startTime=f"{hour}:00")
        await expect(panel.get_by_text(f"It starts at {hour}:00")).to_have_count(1)


async def test_without_its_files_the_assistant_says_so(new_device: NewDevice) -> None:
    device = await new_device(service_workers="block")
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.context.route("**/assets/Assistant-*.js", lambda route: route.abort())
    await device.open_stage(session, "eventSetup")
    await device.page.get_by_role("button", name="Assistant", exact=True).click()
    failed = device.page.get_by_role("dialog", name="Assistant")
    await expect(failed.get_by_role("alert")).to_be_visible()
    await failed.get_by_role("button", name="Close").click()

    await device.field("Title").fill(TITLE)
    await device.saved("eventSetup", title=TITLE)


async def test_the_panel_is_loaded_on_demand_from_this_host_alone(new_device: NewDevice) -> None:
    device = await new_device(**PHONE)
    lines: list[str] = []
    device.context.on("console", lambda message: lines.append(message.text))
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    assert not any("copilot" in url for url in device.requests)

    panel = await open_panel(device.page)
    await expect(panel).to_contain_text("works by rules, without a model")
    await say(panel, SENTENCE)
    await expect_one_change(device)
    assert {urlsplit(url).netloc for url in device.requests} <= device.site.hosts
    assert lines == []
