"""The event's page in a headless Chromium: a purchase without JavaScript, and accessibility."""

import re
from typing import Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from domain import ids
from tests.support.browsers import tab
from tests.support.event_pages import PUBLIC_URL, page_path, tier_field
from tests.support.full_size import IS_FULL
from tests.support.ticket_orders import Sale
from tests.support.wizard import start

LOOKS = [(320, "dark"), (1440, "light"), (320, "light"), (1440, "dark")][: 4 if IS_FULL else 2]
"""Widths in pixels, and color schemes."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RELOADS = {"meta-refresh": {"enabled": False}}
"""The page of an order that is not final loads itself again, which cannot do without a delay."""

MIN_TARGET = 24
"""WCAG 2.2, 2.5.8, in CSS pixels."""

SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, select, input')]
    .filter(element => element.type !== 'hidden' && !element.matches('.skip'))
    .filter(element => element.offsetHeight > 0)
    .filter(element => Math.min(element.offsetHeight, element.offsetWidth) < least)
    .map(element => element.outerHTML)"""

CHECKOUT = re.compile(r"^http://127\.0\.0\.1:\d+/")


async def choose(page: Page, sale: Sale, quantity: int) -> None:
    await page.goto(f"{PUBLIC_URL}{page_path(sale)}")
    await page.locator(f'[name="{tier_field(sale)}"]').select_option(str(quantity))


def submit(page: Page) -> Any:
    return page.get_by_role("button", name="Continue to payment")


async def test_a_double_click_buys_once(browser: Browser, sale: Sale) -> None:
    async with tab(browser) as page:
        await choose(page, sale, 2)
        await submit(page).dblclick()
        # The second click aborts the navigation of the first one.
        await expect(page).to_have_url(CHECKOUT)
        assert await sale.stock() == (0, 2)

        await page.get_by_role("button", name="Pay", exact=True).click()
        await page.wait_for_url(f"{PUBLIC_URL}/**")
        (order,) = await sale.orders()
        await sale.handle(order.order_id).signal(
            ids.SIGNAL_CHECKOUT_CHANGED, {"checkout_id": order.checkout_session_id}
        )
        await sale.handle(order.order_id).result()
        await page.reload()
        await expect(page.get_by_role("heading", name="Your tickets are paid")).to_be_visible()

    assert await sale.stock() == (2, 0)
    assert len(await sale.checkouts()) == 1


async def test_the_way_back_and_a_reload_keep_the_order(browser: Browser, sale: Sale) -> None:
    async with tab(browser) as page:
        await choose(page, sale, 2)
        await submit(page).click()
        await page.wait_for_url(CHECKOUT)
        checkout = page.url

        await page.go_back()
        await page.wait_for_url(f"{PUBLIC_URL}/**")
        if "?order=" not in page.url:
            await page.locator(f'[name="{tier_field(sale)}"]').select_option("2")
            await submit(page).click()
        await page.wait_for_url(CHECKOUT)
        await page.reload()
        assert page.url == checkout

    assert await sale.stock() == (0, 2)
    assert len(await sale.checkouts()) == 1


async def test_the_way_back_without_a_cache_shows_the_order(browser: Browser, sale: Sale) -> None:
    async with tab(browser) as page:
        await page.route("**", lambda route: route.continue_())  # switches the cache off
        await choose(page, sale, 2)
        await submit(page).click()
        await page.wait_for_url(CHECKOUT)

        await page.go_back()
        await page.wait_for_url(f"{PUBLIC_URL}/**")
        await expect(page.get_by_role("heading", name="Your tickets are held")).to_be_visible()
        await expect(submit(page)).to_have_count(0)

    assert await sale.stock() == (0, 2)
    assert len(await sale.checkouts()) == 1


async def test_a_buyer_who_cancels_can_give_the_tickets_back(browser: Browser, sale: Sale) -> None:
    async with tab(browser) as page:
        await choose(page, sale, 1)
        await submit(page).click()
        await page.wait_for_url(CHECKOUT)
        await page.get_by_role("link", name="Cancel").click()
        await expect(page.get_by_role("heading", name="Your tickets are held")).to_be_visible()

        await page.get_by_role("button", name="Cancel the order").click()
        await expect(page.get_by_role("heading", name="The order is cancelled")).to_be_visible()

    assert await sale.stock() == (0, 0)


async def test_the_keyboard_alone_orders(browser: Browser, sale: Sale) -> None:
    async with tab(browser) as page:
        await page.goto(f"{PUBLIC_URL}{page_path(sale)}")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        await tab_to(page, f'[name="{tier_field(sale)}"]')
        await page.keyboard.press("ArrowDown")
        await tab_to(page, "button[type=submit]")
        await page.keyboard.press("Enter")
        await page.wait_for_url(CHECKOUT)

    assert await sale.stock() == (0, 1)


async def tab_to(page: Page, selector: str) -> None:
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} is not reached")


async def check(page: Page, width: int, rules: dict[str, Any]) -> None:
    await page.evaluate("() => document.fonts.ready.then(() => true)")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate(SMALL_TARGETS, MIN_TARGET) == []
    options = {"runOnly": {"type": "tag", "values": RULES}, "rules": rules}
    results = await Axe().run(page, options=options)
    assert [(found["id"], found["nodes"]) for found in results.response["violations"]] == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_each_state_of_the_page_is_accessible(
    browser: Browser, sale: Sale, ada: httpx.AsyncClient, width: int, scheme: str
) -> None:
    size = ViewportSize(width=width, height=900)
    loaded: list[str] = []
    async with tab(browser, scripts=True, viewport=size, color_scheme=scheme) as page:
        page.on("request", lambda request: loaded.append(request.url))
        await page.goto(f"{PUBLIC_URL}{page_path(sale)}")
        await check(page, width, {})

        await submit(page).click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await check(page, width, {})

        placed = await sale.place(1)
        await page.goto(f"{PUBLIC_URL}{page_path(sale)}?order={placed.order_id}&stay=1")
        await check(page, width, RELOADS)

        await page.goto(f"{PUBLIC_URL}/e/no-such-event")
        await check(page, width, {})
        cover = sale.event["sponsor_data"]["media"]["cover"]["url"]
        assert {url for url in loaded if not url.startswith(PUBLIC_URL)} == {cover}

        preview = await ada.get((await start(ada)).path("/preview"))
        await page.set_content(preview.text)
        await check(page, width, {})
