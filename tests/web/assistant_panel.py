"""The assistant's panel, and what people do in it."""

from playwright.async_api import Locator, Page, expect

from tests.web.device import Device
from tests.web.events import FREE_EVENT


class AssistantPanel:
    """In one tab of a device. Names are those that a screen reader says."""

    def __init__(self, device: Device, tab: Page | None = None) -> None:
        self.device = device
        page = tab or device.page
        self.dialog = page.get_by_role("dialog", name="Assistant")
        self.log = self.dialog.get_by_role("log")
        self.field = self.dialog.get_by_role("textbox", name="Tell the assistant")
        self.opener = page.get_by_role("button", name="Assistant", exact=True)

    async def open(self) -> None:
        await self.opener.click()
        await self.is_ready()

    async def is_ready(self) -> None:
        """The thread is read, and something can be said."""
        await expect(self.dialog.get_by_role("list", name="Answers")).to_be_visible()

    @property
    def answer(self) -> Locator:
        """What the assistant said last."""
        return self.log.locator(".turn:not(.by-person)").last

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    async def send(self, sentence: str) -> None:
        await self.field.fill(sentence)
        await self.field.press("Enter")

    async def say(self, sentence: str) -> Locator:
        """Returns the answer once it is complete."""
        said = await self.log.locator(".by-person").count()
        await self.send(sentence)
        return await self._answer_to(said)

    async def choose(self, answer: str) -> Locator:
        """One of the answers on buttons."""
        said = await self.log.locator(".by-person").count()
        await (
            self.dialog.get_by_role("list", name="Answers")
            .get_by_role("button", name=answer, exact=True)
            .click()
        )
        return await self._answer_to(said)

    async def _answer_to(self, before: int) -> Locator:
        await expect(self.log.locator(".by-person")).to_have_count(before + 1)
        await expect(self.log.locator(".turn").last).not_to_have_class("turn by-person")
        await self.is_at_rest()
        return self.answer

    async def is_at_rest(self) -> None:
        await expect(self.button("Stop")).to_be_hidden()
        await expect(self.dialog.get_by_role("status")).to_have_text("")


async def open_beside_event(device: Device) -> AssistantPanel:
    """Beside the stage of an event that has a title and times."""
    await device.sign_in()
    await device.open_stage(await device.begin(FREE_EVENT), "eventSetup")
    panel = AssistantPanel(device)
    await panel.open()
    return panel
