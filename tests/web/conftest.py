"""One system and one Chromium for all tests of this folder, and devices of people who use it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, async_playwright
from temporalio.testing import WorkflowEnvironment

from dev.screenshots.browser import OPTIONS, BrowserFailed, find_chromium, is_sandboxed
from tests.support.postgres import PostgresServer, migrated_database
from tests.web.device import Device, open_device
from tests.web.site import ROOT, WEB_ROOT, Site, running_site

FAILED: Final = pytest.StashKey[bool]()

SCREENSHOTS: Final = ROOT / "build" / "failed"
"""Of each device of a test that fails."""

NewDevice = Callable[..., Awaitable[Device]]
"""``new_device(person, **options)``: a new profile; options are those of a browser's context."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = _reason_to_skip()
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason is not None:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


def _reason_to_skip() -> str | None:
    try:
        find_chromium()
    except BrowserFailed as missing:
        return str(missing)
    if not (WEB_ROOT / "index.html").exists():
        return "The front end is not built: run make web"
    return None


@pytest.fixture(scope="session")
async def running(
    postgres: PostgresServer,
    temporal: WorkflowEnvironment,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Site]:
    async with (
        migrated_database(postgres) as database,
        running_site(database, temporal.client, tmp_path_factory.mktemp("site")) as site,
    ):
        yield site


@pytest.fixture
async def site(running: Site) -> Site:
    """A test may have left a process killed."""
    await running.start_api()
    await running.start_worker()
    return running


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[*OPTIONS, "--disable-quic"],
            chromium_sandbox=is_sandboxed(),
        )
        yield browser
        await browser.close()


@pytest.fixture
async def new_device(
    site: Site, browser: Browser, request: pytest.FixtureRequest
) -> AsyncIterator[NewDevice]:
    devices: list[Device] = []

    async def make(**options: Any) -> Device:
        devices.append(await open_device(browser, site, **options))
        return devices[-1]

    yield make
    for number, device in enumerate(devices):
        if request.node.stash.get(FAILED, False):
            await device.page.screenshot(path=SCREENSHOTS / f"{request.node.name}-{number}.png")
        await device.context.close()
    assert [error for device in devices for error in device.errors] == []


@pytest.fixture
async def device(new_device: NewDevice) -> Device:
    return await new_device()
