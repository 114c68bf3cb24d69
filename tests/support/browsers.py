"""A headless Chromium that reaches an API process under a public address."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from dev.screenshots.browser import BrowserFailed, find_chromium

EXPECTED_WITHIN_MS: Final = 20_000


@asynccontextmanager
async def running_browser(address: str) -> AsyncIterator[Browser]:
    """``http://events.localhost`` is the API at ``address``. Skips the test without Chromium."""
    try:
        executable = find_chromium()
    except BrowserFailed as missing:
        pytest.skip(str(missing))
    server = address.removeprefix("http://")
    # The organizer's pictures are not loaded. Playwright's routes would disable the cache, and so
    # the way back.
    hosts = (f"MAP events.localhost:80 {server}", "MAP *.example.com ~NOTFOUND")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable,
            args=[f"--host-resolver-rules={','.join(hosts)}"],
            chromium_sandbox=os.geteuid() != 0,
        )
        expect.set_options(timeout=EXPECTED_WITHIN_MS)
        yield browser
        await browser.close()


@asynccontextmanager
async def tab(browser: Browser, *, scripts: bool = False, **options: Any) -> AsyncIterator[Page]:
    context = await browser.new_context(java_script_enabled=scripts, **options)
    try:
        yield await context.new_page()
    finally:
        await context.close()
