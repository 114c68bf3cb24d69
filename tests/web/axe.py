"""Barriers on a page, found by axe: on a desktop and on a phone, light and dark."""

from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

WIDTHS: Final = {"desktop": 1440, "phone": 390}

HEIGHT: Final = 3_000
"""The bar at the lower edge of the window covers nothing."""

Violations = list[tuple[str, list[str]]]
"""The rule, and the markup of each element that breaks it."""


SETTLED: Final = """
    new Promise(resolve => {
        const isRunning = ({ playState, effect }) =>
            playState === "running" && effect.getComputedTiming().iterations < 10;
        const look = () =>
            document.getAnimations().some(isRunning) ? requestAnimationFrame(look) : resolve(true);
        look();
    })
"""
"""``Animation.finished`` may stay pending if the element of a transition is removed."""


async def barriers_on(page: Page) -> dict[str, Violations]:
    """By the look in which they were found. Leaves size and colors of the page as they were."""
    before = page.viewport_size
    await page.evaluate("document.fonts.ready.then(() => true)")
    found = {}
    for name, width in WIDTHS.items():
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await _settled(page)
            violations = await _violations_on(page)
            if violations:
                found[f"{name}, {scheme}"] = violations
    await page.emulate_media(color_scheme="null")
    if before is not None:
        await page.set_viewport_size(before)
    return found


async def _settled(page: Page) -> None:
    """Waits until transitions are over, whose colors are between two."""
    await page.evaluate(SETTLED)


async def _violations_on(page: Page) -> Violations:
    options = {"runOnly": {"type": "tag", "values": RULES}}
    results: dict[str, Any] = (await Axe().run(page, options=options)).response
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in results["violations"]
    ]
