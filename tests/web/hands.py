"""Three ways to use a page: with a mouse, with the keyboard alone, and with a finger."""

from typing import Final, Protocol

from playwright.async_api import Locator, Page, expect

MOST_TABS: Final = 120

TIME: Final = "11:11"
"""Which is typed in the same way with 12 and with 24 hours."""


class Hands(Protocol):
    async def press(self, control: Locator) -> None:
        """A button or a link."""

    async def write(self, field: Locator, text: str) -> None: ...

    async def choose(self, option: Locator) -> None:
        """A checkbox, or one of the radio buttons of a group."""

    async def select(self, field: Locator, option: str) -> None:
        """The option of that text."""

    async def set_date(self, field: Locator, date: str) -> None:
        """``date``: as ISO 8601 has it; day and month are the same number."""

    async def set_time(self, field: Locator) -> None: ...


class Mouse:
    async def press(self, control: Locator) -> None:
        await control.click()

    async def write(self, field: Locator, text: str) -> None:
        await field.click()
        await field.fill(text)

    async def choose(self, option: Locator) -> None:
        # What people press is its label, which covers it.
        await option.locator("xpath=..").click()

    async def select(self, field: Locator, option: str) -> None:
        await field.select_option(label=option)

    async def set_date(self, field: Locator, date: str) -> None:
        await field.fill(date)

    async def set_time(self, field: Locator) -> None:
        await field.fill(TIME)


class Finger(Mouse):
    async def press(self, control: Locator) -> None:
        await control.tap()

    async def write(self, field: Locator, text: str) -> None:
        await field.tap()
        await field.fill(text)

    async def choose(self, option: Locator) -> None:
        await option.locator("xpath=..").tap()


class Keyboard:
    """Uses nothing but keys: each control must be reached with Tab."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def press(self, control: Locator) -> None:
        await self._tab_to(control)
        await self._page.keyboard.press("Enter")

    async def write(self, field: Locator, text: str) -> None:
        await self._tab_to(field)
        await self._page.keyboard.press("ControlOrMeta+A")
        await self._page.keyboard.type(text)

    async def choose(self, option: Locator) -> None:
        name = await option.get_attribute("name")
        if await option.get_attribute("type") == "checkbox" or name is None:
            await self._tab_to(option)
            await self._page.keyboard.press("Space")
            return
        await self._tab_to(self._page.locator(f'input[name="{name}"]'))
        await self._page.keyboard.press("Space")
        for _ in range(await self._page.locator(f'input[name="{name}"]').count()):
            if await option.is_checked():
                return
            await self._page.keyboard.press("ArrowRight")
        raise AssertionError(f"no arrow key chooses {option}")

    async def select(self, field: Locator, option: str) -> None:
        await self._tab_to(field)
        await self._page.keyboard.type(option)
        await expect(field.locator("option:checked")).to_have_text(option)

    async def set_date(self, field: Locator, date: str) -> None:
        year, month, day = date.split("-")
        await self._tab_to(field)
        await self._page.keyboard.type(f"{month}{day}{year}")
        await expect(field).to_have_value(date)

    async def set_time(self, field: Locator) -> None:
        await self._tab_to(field)
        await self._page.keyboard.type(f"{TIME.replace(':', '')}A")
        await expect(field).to_have_value(TIME)

    async def go_back_to(self, control: Locator) -> None:
        await self._tab_to(control, "Shift+Tab")

    async def _tab_to(self, control: Locator, key: str = "Tab") -> None:
        await expect(control.first).to_be_visible()
        for _ in range(MOST_TABS):
            focused = control.and_(self._page.locator(":focus"))
            if await focused.count():
                return
            await self._page.keyboard.press(key)
        raise AssertionError(f"Tab does not reach {control}")
