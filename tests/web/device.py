"""A browser profile of one person, and what people do in the wizard."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from playwright.async_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.support.api import client_for
from tests.support.waiting import eventually
from tests.web.site import Site

DESKTOP: Final = {"width": 1440, "height": 900}
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

WITHIN_MS: Final = 15_000
"""For anything that the page is to show: much, because machines of tests are busy."""

_SESSION: Final = re.compile(r"/s/([0-9a-f-]{36})")

ADA: Final = ("Ada Lindqvist", "Studio Halm")
NOOR: Final = ("Noor Rahimi", "Studio Halm")

_AHEAD = (datetime.now(UTC) + timedelta(days=30)).date()
DATE: Final = next(
    day.isoformat()
    for day in (_AHEAD + timedelta(days=number) for number in range(400))
    if day.day == day.month
)
"""At least a month ahead. Its day and month are the same, because their order depends on the
browser's language."""


@dataclass
class Device:
    """``errors`` are those that scripts did not catch, ``requests`` the addresses of all."""

    site: Site
    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    # Signing in.

    async def sign_in(self, person: tuple[str, str] | None = None, path: str = "/") -> None:
        """As one of the known people, else as someone new, whose events are their own."""
        await self.page.goto(f"{self.site.url}{path}")
        await self.page.get_by_role("button", name="Sign in").click()
        await self.choose_person(person)

    async def choose_person(self, person: tuple[str, str] | None = None) -> None:
        """At the identity provider, which then leads back."""
        if person is not None:
            await self.page.get_by_role("button", name=" ".join(person).strip()).click()
        else:
            await self.page.get_by_text("Someone new").click()
            name = f"Mira {uuid4().hex[:8]}"
            await self.page.get_by_label("Name").fill(name)
            await self.page.get_by_label("Email").fill(f"{name.split()[1]}@example.com")
            await self.page.get_by_role("button", name="Sign in", exact=True).click()
        await self.page.wait_for_url(self._is_inside)
        await expect(self.page.locator("h1").first).to_be_visible()

    def _is_inside(self, url: str) -> bool:
        return url.startswith(f"{self.site.url}/") and urlsplit(url).path != "/signed-in"

    # Pages.

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.site.url}{path}")
        await expect(self.page.locator("h1").first).to_be_visible()

    async def open_stage(self, session_id: str, stage: str) -> None:
        await self.open(f"/s/{session_id}/{stage}")

    @property
    def session_id(self) -> str:
        found = _SESSION.search(self.page.url)
        assert found is not None, self.page.url
        return found[1]

    # What is on them. Names are those that a screen reader says.

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    def heading(self, text: str) -> Locator:
        return self.page.get_by_role("heading", name=text, level=1)

    def radio(self, label: str) -> Locator:
        return self.page.get_by_role("radio", name=label, exact=True)

    async def has_understood(self, heading: str = "What we understood") -> None:
        """Waits until the list of what was understood is that of the whole sentence."""
        understood = self.page.get_by_role("region", name=heading)
        await expect(understood).to_have_attribute("aria-busy", "false")

    # The session, as the API has it.

    async def token(self) -> str:
        stored: str = await self.page.evaluate("JSON.parse(localStorage.identity).accessToken")
        return stored

    async def view(self, session_id: str | None = None) -> dict[str, Any]:
        answer = await self.context.request.get(
            f"{self.site.url}/v1/sessions/{session_id or self.session_id}?consistent=true",
            headers={"Authorization": f"Bearer {await self.token()}"},
        )
        assert answer.ok, await answer.text()
        view: dict[str, Any] = await answer.json()
        return view

    async def saved(self, stage: str, **values: Any) -> None:
        """Waits until the API has these fields of a stage."""

        found: dict[str, Any] = {}

        async def has_them() -> bool:
            data = (await self.view())["stages"][stage]["data"]
            found.update({name: data.get(name) for name in values})
            return found == values

        try:
            await eventually(has_them, what=f"{values} at the API")
        except AssertionError as late:
            raise AssertionError(f"{late}; the API has {found}") from None

    async def api(self) -> httpx.AsyncClient:
        """A client with the person's token; the caller closes it."""
        return client_for(self.site.url, await self.token())

    async def begin(self, sections: dict[str, Any] | None = None) -> str:
        """A session with data, created by the API. Returns its id."""
        answer = await self.context.request.post(
            f"{self.site.url}/v1/sessions",
            data={"session_id": str(uuid4()), **({"sections": sections} if sections else {})},
            headers={"Authorization": f"Bearer {await self.token()}"},
        )
        assert answer.ok, await answer.text()
        return str((await answer.json())["session_id"])


async def open_device(browser: Browser, site: Site, **options: Any) -> Device:
    context = await browser.new_context(
        **{"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Berlin", **options}
    )
    expect.set_options(timeout=WITHIN_MS)
    context.set_default_timeout(WITHIN_MS)
    context.set_default_navigation_timeout(WITHIN_MS)
    device = Device(site, context, await context.new_page())
    context.on("weberror", lambda error: device.errors.append(str(error.error)))

    def note(request: Request) -> None:
        device.requests.append(request.url)

    context.on("request", note)
    return device


async def visit(device: Device, browser: Browser) -> Page:
    """The public page of the published event that the device shows, for a visitor who is not
    signed in; the caller closes it."""
    href = await device.link("Open the page").get_attribute("href")
    visitor = await browser.new_page(locale="en-GB", timezone_id="Europe/Berlin")
    await visitor.goto(f"{device.site.url}{href}")
    return visitor
