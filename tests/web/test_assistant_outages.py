"""A conversation with the assistant goes on after what interrupts it."""

from contextlib import suppress
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Error, Route, expect

from tests.web.assistant_panel import AssistantPanel, open_beside_event
from tests.web.conftest import NewDevice
from tests.web.device import PHONE, Device
from tests.web.events import FREE_EVENT
from tests.web.held_requests import held

RUNS: Final = "**/v1/copilot/agent/*/run"
SAVES: Final = "**/stages/eventSetup"

SENTENCE: Final = 'The title is "The Hat Room"'
TITLE: Final = "The Hat Room"


async def expect_one_change(device: Device) -> None:
    """The sentence has had its effect, once, and is answered once."""
    panel = AssistantPanel(device)
    await device.saved("eventSetup", title=TITLE)
    await expect(panel.dialog.get_by_role("button", name="Undo Title")).to_be_visible()
    await expect(panel.dialog.get_by_text("Saved: Title.")).to_have_count(1)
    await expect(panel.dialog.get_by_text(SENTENCE)).to_have_count(1)
    assert (await device.view())["revision"] == 2


async def test_a_reload_before_the_sentence_arrives_sends_it_again(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, RUNS, reach_the_api=False) as runs:
        await panel.send(SENTENCE)
        await runs.is_there.wait()
        await device.page.reload()
        await expect(panel.dialog.get_by_text(SENTENCE)).to_be_visible()

    await expect_one_change(device)


async def test_a_reload_in_the_middle_of_an_answer_gives_it_whole(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, RUNS) as runs:
        await panel.send(SENTENCE)
        await runs.is_there.wait()
        async with held(device.context, RUNS):
            await device.page.reload()
            await expect(panel.dialog.get_by_text(SENTENCE)).to_be_visible()

    await expect_one_change(device)


async def test_a_reload_in_the_middle_of_a_tool_repeats_its_request(device: Device) -> None:
    panel = await open_beside_event(device)
    keys: list[str] = []
    device.context.on(
        "request",
        lambda request: (
            keys.append(request.headers["idempotency-key"]) if request.method == "PATCH" else None
        ),
    )
    async with held(device.context, SAVES) as writes:
        await panel.send(SENTENCE)
        await writes.is_there.wait()
        await device.page.reload()

    await expect_one_change(device)
    assert len(set(keys)) == 1
    assert len(keys) > 1


async def test_a_reload_before_a_tool_has_its_effect_runs_it(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, SAVES, reach_the_api=False) as writes:
        await panel.send(SENTENCE)
        await writes.is_there.wait()
        await device.page.reload()
        await expect(panel.dialog.get_by_text(SENTENCE)).to_be_visible()

    await expect_one_change(device)


async def test_a_sentence_while_a_tool_runs_is_sent_after_it(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, SAVES) as writes:
        await panel.send(SENTENCE)
        await writes.is_there.wait()
        await panel.send("It starts at 19:00")
        await expect(
            panel.dialog.get_by_text("Sent when the assistant has finished.")
        ).to_be_visible()

    await device.saved("eventSetup", title=TITLE, startTime="19:00")
    await expect(panel.dialog.get_by_text("Sent when the assistant has finished.")).to_have_count(0)
    await expect(panel.dialog.get_by_text("Saved: Title.")).to_be_visible()
    await expect(panel.dialog.get_by_role("button", name="Undo Starts")).to_be_visible()


async def test_a_sentence_that_waits_survives_a_reload(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, SAVES) as writes:
        await panel.send(SENTENCE)
        await writes.is_there.wait()
        await panel.send("It starts at 19:00")
        await expect(
            panel.dialog.get_by_text("Sent when the assistant has finished.")
        ).to_be_visible()
        await device.page.reload()

    await device.saved("eventSetup", title=TITLE, startTime="19:00")
    await expect(panel.dialog.get_by_text("It starts at 19:00")).to_have_count(1)


async def test_a_stopped_tool_is_not_run_after_a_reload(device: Device) -> None:
    panel = await open_beside_event(device)
    async with held(device.context, RUNS) as runs:
        await panel.send(SENTENCE)
        await runs.is_there.wait()
        await panel.dialog.get_by_role("button", name="Stop").click()
        await expect(panel.dialog.get_by_role("button", name="Stop")).to_have_count(0)
        await device.page.reload()
        await expect(panel.dialog.get_by_text(SENTENCE)).to_be_visible()

    await expect(panel.dialog.get_by_role("list", name="Answers")).to_be_visible()
    await panel.send("It starts at 19:00")
    await device.saved("eventSetup", title="Nachtschicht", startTime="19:00")


async def test_while_the_api_is_away_the_sentence_stays(device: Device) -> None:
    panel = await open_beside_event(device)
    device.site.kill_api()
    await panel.send(SENTENCE)
    await expect(panel.dialog.get_by_role("alert")).to_contain_text("cannot be reached")
    await expect(panel.dialog.get_by_text(SENTENCE)).to_be_visible()

    await device.site.start_api()
    again = panel.dialog.get_by_role("button", name="Try again")
    with suppress(Error):  # it has tried again by itself, once the session was live
        await again.click(timeout=3_000)
    await expect_one_change(device)
    await expect(panel.dialog.get_by_role("alert")).to_have_text("")


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
    panel = await open_beside_event(device)
    for hour, (name, (response, words)) in enumerate(FAILURES.items(), 13):
        fail = partial(fulfill, response)
        await device.context.route(RUNS, fail)
        await panel.send(f"It starts at {hour}:00")
        await expect(panel.dialog.get_by_role("alert"), name).to_contain_text(words)
        await expect(panel.dialog.get_by_text("Half of")).to_have_count(0)
        await device.context.unroute(RUNS, fail)
        await panel.dialog.get_by_role("button", name="Try again").click()
        await device.saved("eventSetup", startTime=f"{hour}:00")
        await expect(panel.dialog.get_by_text(f"It starts at {hour}:00")).to_have_count(1)


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

    panel = AssistantPanel(device)
    await panel.open()
    await expect(panel.dialog).to_contain_text("works by rules, without a model")
    await panel.send(SENTENCE)
    await expect_one_change(device)
    assert {urlsplit(url).netloc for url in device.requests} <= device.site.hosts
    assert lines == []
