"""The front end in a headless Chromium: its policy, its worker, and the preview within it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect
from temporalio.testing import WorkflowEnvironment

from tests.support.api import ISSUER, token
from tests.support.browsers import tab
from tests.support.event_pages import PUBLIC_URL
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.stage_data import free_sections
from tests.support.system import System, running_api
from tests.support.waiting import until
from tests.support.wizard import start

FILES = {
    "index.html": '<!doctype html><html lang="en"><title>Front end</title>'
    '<link rel="manifest" href="/manifest.webmanifest">'
    '<link rel="stylesheet" href="/assets/style-Ab3dE5g7.css">'
    '<body><script src="/assets/app-Ab3dE5g7.js"></script>',
    "assets/app-Ab3dE5g7.js": """
        window.violations = [];
        addEventListener("securitypolicyviolation", ({effectiveDirective, blockedURI}) =>
            violations.push(`${effectiveDirective} ${blockedURI}`));
        document.body.dataset.started = "yes";
    """,
    "assets/style-Ab3dE5g7.css": "body { color: rgb(1, 2, 3); }",
    "service-worker.js": """
        const reached = url => fetch(url).then(response => response.status, () => "refused");
        addEventListener("install", () => skipWaiting());
        addEventListener("activate", event => event.waitUntil(clients.claim()));
        addEventListener("message", async ({data, source}) =>
            source.postMessage(await reached(data)));
    """,
    "manifest.webmanifest": '{"name": "Front end"}',
}
ELSEWHERE = "https://pictures.example.com/x.jpg"
STORED = f"/media/{'a' * 64}-960.webp"

SHOW = """async ({path, token}) => {
    const response = await fetch(path, {headers: {Authorization: `Bearer ${token}`}});
    const frame = document.createElement("iframe");
    frame.title = "Preview";
    frame.width = 1000;
    frame.height = 2000;
    frame.srcdoc = await response.text();
    document.body.append(frame);
    await new Promise(loaded => frame.addEventListener("load", loaded));
}"""


@pytest.fixture(scope="module")
async def api(
    temporal: WorkflowEnvironment,
    postgres: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[System]:
    """An API process with a front end."""
    folder: Path = tmp_path_factory.mktemp("front-end")
    (folder / "assets").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    settings = {"public_url": PUBLIC_URL, "web_root": str(folder)}
    async with (
        migrated_database(postgres) as database,
        running_api(temporal, database, **settings) as api,
    ):
        yield api


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with tab(browser, scripts=True) as page:
        await page.goto(f"{PUBLIC_URL}/s/any/eventSetup")
        yield page


async def violations(page: Page) -> list[str]:
    found: list[str] = await page.evaluate("violations")
    return sorted(set(found))


async def test_a_page_of_the_front_end_runs_its_own_files_alone(page: Page) -> None:
    await expect(page.locator("body")).to_have_attribute("data-started", "yes")
    await expect(page.locator("body")).to_have_css("color", "rgb(1, 2, 3)")
    assert await violations(page) == []

    await page.evaluate(
        """async issuer => {
        const added = (name, set) => document.body.append(
            Object.assign(document.createElement(name), set));
        added("script", {textContent: "window.attacked = true"});
        added("script", {src: "https://evil.example.com/x.js"});
        added("img", {src: "https://evil.example.com/x.png"});
        added("iframe", {src: "https://evil.example.com/"});
        added("style", {textContent: "body { color: red }"});
        await fetch("https://evil.example.com/").catch(() => null);
        await fetch(issuer).catch(() => null);
        const picture = document.createElement("img");
        picture.src = URL.createObjectURL(new Blob(["x"], {type: "image/png"}));
        document.body.append(picture);
    }""",
        ISSUER,
    )

    assert await violations(page) == [
        "connect-src https://evil.example.com/",
        "frame-src https://evil.example.com",
        "img-src https://evil.example.com/x.png",
        "script-src-elem https://evil.example.com/x.js",
        "script-src-elem inline",
        "style-src-elem inline",
    ]
    assert await page.evaluate("window.attacked") is None


async def test_a_service_worker_reaches_its_own_origin_alone(page: Page) -> None:
    reached: Any = await page.evaluate("""async () => {
        await navigator.serviceWorker.register("/service-worker.js");
        const {active} = await navigator.serviceWorker.ready;
        const answer = url => new Promise(resolve => {
            navigator.serviceWorker.onmessage = ({data}) => resolve(data);
            active.postMessage(url);
        });
        return [await answer("/"), await answer("https://evil.example.com/")];
    }""")

    assert reached == [200, "refused"]


async def test_the_preview_is_shown_within_the_front_end(
    page: Page, ada: httpx.AsyncClient, user: str
) -> None:
    """With its style, its fonts and stored pictures, but without those of other hosts."""
    sections = free_sections()
    sections["sponsor"] = {
        "media": {
            "cover": {"url": STORED, "alt": "Hall"},
            "gallery": [{"url": ELSEWHERE, "alt": "Hat"}],
        }
    }
    wizard = await start(ada, sections)
    asked: list[str] = []
    refused: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))

    async with page.expect_request_finished(lambda request: ".woff2" in request.url):
        await page.evaluate(SHOW, {"path": wizard.path("/preview"), "token": token(user)})

    preview = page.frame_locator("iframe")
    await expect(preview.get_by_role("heading", level=1)).to_have_text("Spring Show")
    await expect(preview.locator("h1")).to_have_css("font-family", re.compile("^.?Imbue"))
    await expect(preview.get_by_role("img", name="Hat")).to_be_attached()
    await preview.get_by_role("img", name="Hat").scroll_into_view_if_needed()
    await until(lambda: f"{PUBLIC_URL}{STORED}" in asked)
    await until(lambda: any(ELSEWHERE in text for text in refused))
    policies = [text for text in refused if "Content Security Policy" in text]
    assert policies
    assert all(ELSEWHERE in text for text in policies)
    assert ELSEWHERE not in asked
