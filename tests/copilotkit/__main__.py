"""``python -m tests.copilotkit``: the page of ``web/test/copilotkit-v1`` in a Chromium.

A page with the hooks and the sidebar of CopilotKit v1 is used as a person uses it, against a
system with servers of its own. Prints the conversation, the console and the hosts of all requests,
and fails if one of them is not as it must be.

--picture PATH: also takes a picture of the page.
"""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from playwright.async_api import Locator, Page, Request, ViewportSize, async_playwright, expect
from rich.console import Console

from dev.screenshots.browser import OPTIONS, SCALE, find_chromium, is_sandboxed, write_picture
from tests.support.api import signing_in, token, unique_user
from tests.support.postgres import PostgresServer, add_template, migrated_database
from tests.support.stage_data import days_ahead, free_sections
from tests.support.system import System, running_api, running_worker
from tests.support.temporal import temporal_server
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

BUILT: Final = Path(__file__).parents[2] / "web" / "test" / "copilotkit-v1" / "dist"

WITHIN_MS: Final = 30_000
VIEWPORT: Final[ViewportSize] = {"width": 1280, "height": 900}

VENUE: Final = {
    "mode": "physical",
    "name": "Galeria Sul",
    "address": {
        "line1": "Rua da Rosa 12",
        "city": "Lisbon",
        "postalCode": "1200-387",
        "country": "PT",
    },
    "capacity": 200,
}


@dataclass
class Seen:
    """What the page did that a person does not see."""

    console: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)
    """The idempotency keys of the changes."""
    runs: list[dict[str, Any]] = field(default_factory=list)
    """The bodies of the runs."""

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https"):
            self.hosts.add(url.netloc)
        key = request.headers.get("idempotency-key")
        if key is not None:
            self.keys.append(key)
        if url.path.endswith("/run"):
            self.runs.append(json.loads(request.post_data or "{}"))


@dataclass
class Talk:
    """A person who types, and reads the answers."""

    page: Page
    wizard: Wizard
    seen: Seen

    async def say(self, text: str, *, answer: str) -> None:
        """Returns once the newest message of the assistant contains ``answer``."""
        before = await self.answers.count()
        await self.type(text)

        async def is_answered() -> bool:
            words = await self.answers.all_inner_texts()
            return len(words) > before and answer in words[-1]

        await eventually(is_answered, what=f"{answer!r} after {text!r}")
        lines = (await self.answers.last.inner_text()).splitlines()
        show(f"> {text}", lines)

    async def type(self, text: str) -> None:
        await self.page.get_by_placeholder("Type a message...").fill(text)
        # The button is disabled until the conversation is read.
        await self.page.get_by_role("button", name="Send").click()
        await expect(self.questions.last).to_have_text(text)

    @property
    def questions(self) -> Locator:
        """What the person said."""
        return self.page.locator(".copilotKitUserMessage")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".copilotKitAssistantMessage")

    def row(self, stage: str) -> Locator:
        return self.page.locator(f"[data-stage={stage}]")

    async def data(self, stage: str) -> dict[str, Any]:
        view = await self.wizard.view(consistent="true")
        data: dict[str, Any] = view["stages"][stage]["data"]
        return data

    async def called(self) -> list[str]:
        """The ids of the calls that the page has run."""
        calls = await self.page.locator("[data-call]").all()
        return [str(await call.get_attribute("data-call")) for call in calls]


async def fill_in(talk: Talk) -> None:
    await talk.say('The title is "Midnight in Lisbon"', answer="Title")
    await expect(talk.row("eventSetup")).to_contain_text("title: Midnight in Lisbon")
    assert (await talk.data("eventSetup"))["title"] == "Midnight in Lisbon"

    await talk.say("Complete this stage", answer="Type is required")
    await expect(talk.row("eventSetup")).not_to_contain_text("✓")

    await talk.say(f"A fashion show on {days_ahead(60)} at 19:30", answer="yes")
    await talk.say("yes", answer="complete")
    await expect(talk.row("eventSetup")).to_contain_text("type: fashion_show")
    for stage in ("eventSetup", "venueSetup", "ticketSetup", "sponsorsMedia"):
        await talk.say("Complete this stage", answer="is complete")
        await expect(talk.row(stage)).to_contain_text("✓")


async def publish(talk: Talk, picture: Path | None) -> None:
    """The page is loaded again while the person is asked."""
    page = talk.page
    confirm = page.get_by_role("button", name="Accept the terms and publish")
    await talk.type("Publish")
    await expect(confirm).to_be_visible()
    if picture is not None:
        write_picture(await page.screenshot(), picture)
    questions = await talk.questions.all_inner_texts()

    await page.reload()
    await expect(talk.questions).to_have_text(questions)
    await confirm.click()
    await expect(page.get_by_role("heading", level=2).first).to_contain_text("published")
    await expect(talk.answers.last).to_contain_text("publish")
    show("> Publish", (await talk.answers.last.inner_text()).splitlines())


def show(title: str, lines: Iterable[str]) -> None:
    console = Console(soft_wrap=True, markup=False, highlight=False)
    console.print(title, *filter(None, lines), sep="\n    ")


@asynccontextmanager
async def running_system() -> AsyncIterator[System]:
    postgres = PostgresServer()
    try:
        postgres.start()
        await add_template(postgres)
        async with (
            temporal_server() as temporal,
            migrated_database(postgres) as database,
            running_api(temporal, database, web_root=str(BUILT)) as system,
            running_worker(system),
        ):
            yield system
    finally:
        postgres.drop()


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=OPTIONS, chromium_sandbox=is_sandboxed()
        )
        page = await browser.new_page(
            viewport=VIEWPORT,
            device_scale_factor=SCALE,
            locale="en-GB",
            timezone_id="Europe/Lisbon",
        )
        page.set_default_timeout(WITHIN_MS)
        expect.set_options(timeout=WITHIN_MS)
        yield page
        await browser.close()


async def run(picture: Path | None) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    seen, user = Seen(), unique_user()
    async with running_system() as system, signing_in(system.address) as sign_in:
        sections = {**free_sections(), "event": {}, "venue": VENUE, "review": {}}
        wizard = await start(sign_in(user), sections)
        await wizard.complete("organizerSetup")
        async with opened(system.address) as page:
            seen.watch(page)
            await page.goto(f"{system.address}/?session={wizard.session_id}#{token(user)}")
            try:
                talk = Talk(page, wizard, seen)
                await fill_in(talk)
                assert seen.keys == await talk.called(), "the key of a change is the id of its call"
                await publish(talk, picture)
            finally:
                show("Console:", seen.console or ["nothing"])
                show("Hosts:", sorted(seen.hosts))
        assert {run["forwardedProps"]["session_id"] for run in seen.runs} == {wizard.session_id}
        assert seen.hosts == {urlsplit(system.address).netloc}, "the page reaches another host"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.copilotkit")
    parser.add_argument("--picture", type=Path, help="the file of a picture of the page")
    options = parser.parse_args(arguments)
    if not (BUILT / "index.html").exists():
        show("The page is not built: run make copilotkit", [])
        return 1
    asyncio.run(run(options.picture))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
