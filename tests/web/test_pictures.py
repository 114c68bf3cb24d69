"""Pictures that people choose, drop and paste, with their words, up to the page for guests."""

import base64
import re
from collections.abc import Callable
from typing import Any, Final

from playwright.async_api import Browser, FilePayload, Locator, expect

from tests.support.pictures import encoded, quarters
from tests.support.waiting import eventually
from tests.web.axe import barriers_on
from tests.web.device import Device, visit
from tests.web.events import READY_EVENT
from tests.web.hands import Keyboard, Mouse
from tests.web.publications import OUT

JPEG: Final = encoded(quarters())
PNG: Final = encoded(quarters(640, 640), "PNG")

WORDS: Final = "What does the picture show?"

DROPPED = """data => {
    const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "cover.jpg", { type: "image/jpeg" }));
    return transfer;
}"""

COPIED = """async data => {
    const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
    const picture = new Blob([bytes], { type: "image/png" });
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}"""


async def at_the_pictures(device: Device) -> str:
    await device.sign_in()
    session = await device.begin(READY_EVENT)
    await device.open_stage(session, "sponsorsMedia")
    return session


def place_for(device: Device, name: str) -> Locator:
    """The button on which a picture is dropped, and which opens the choice of a file."""
    return device.page.get_by_role("button", name=name)


async def stored(device: Device, find: Callable[[Any], Any], value: Any) -> None:
    """Waits until the API has this value among the pictures."""

    async def has_it() -> bool:
        media = (await device.view())["stages"]["sponsorsMedia"]["data"].get("media", {})
        try:
            return bool(find(media) == value)
        except KeyError:  # a part of it is not stored yet
            return False

    await eventually(has_it, what=f"{value} among the pictures")


def words_of_cover(media: Any) -> Any:
    return (media.get("cover") or {}).get("alt")


async def test_the_keyboard_alone_uploads_a_cover_that_guests_see(
    device: Device, browser: Browser
) -> None:
    session = await at_the_pictures(device)
    hands = Keyboard(device.page)
    keyboard = device.page.keyboard

    async with device.page.expect_file_chooser() as choice:
        await hands.press(place_for(device, "Choose a picture"))
    photo = FilePayload(name="cover.jpg", mimeType="image/jpeg", buffer=JPEG)
    await (await choice.value).set_files(photo)
    await expect(device.field(WORDS)).to_be_focused()
    await keyboard.type("Four colours")
    aim = device.page.get_by_role("button", name="Focal point")
    await hands.go_back_to(aim)
    await keyboard.press("Shift+ArrowRight")
    await keyboard.press("Shift+ArrowRight")
    await keyboard.press("ArrowUp")
    await expect(aim).to_have_accessible_name(re.compile("70 per cent from the left, 49 per cent"))
    await stored(device, words_of_cover, "Four colours")
    await stored(device, lambda media: media["cover"]["focal"], {"x": 0.7, "y": 0.49})
    assert await barriers_on(device.page) == {}

    await device.open_stage(session, "reviewPublish")
    await hands.choose(device.field("I accept the terms for organizers."))
    await hands.press(device.button("Publish"))
    await expect(device.heading(OUT)).to_be_visible()
    visitor = await visit(device, browser)
    cover = visitor.get_by_role("img", name="Four colours")
    await expect(cover).to_be_visible()
    assert await cover.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    await expect(cover).to_have_css("object-position", "70% 50%")
    await visitor.close()


async def test_a_picture_is_dropped(device: Device) -> None:
    await at_the_pictures(device)
    data = base64.b64encode(JPEG).decode()

    transfer = await device.page.evaluate_handle(DROPPED, data)
    place = place_for(device, "Choose a picture")
    await place.dispatch_event("dragover", {"dataTransfer": transfer})
    await place.dispatch_event("drop", {"dataTransfer": transfer})

    await expect(device.field(WORDS)).to_be_focused()
    await device.field(WORDS).fill("Dropped")
    await stored(device, words_of_cover, "Dropped")


async def test_a_picture_is_pasted_into_the_gallery(device: Device) -> None:
    await device.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await at_the_pictures(device)
    await device.page.evaluate(COPIED, base64.b64encode(PNG).decode())

    await place_for(device, "Add a picture").focus()
    await device.page.keyboard.press("ControlOrMeta+V")

    await expect(device.field(WORDS)).to_be_focused()
    await Mouse().choose(device.field("It only decorates"))
    await device.button("Done").click()
    await expect(place_for(device, "Picture 1.")).to_be_focused()
    await stored(device, lambda media: [one["decorative"] for one in media["gallery"]], [True])


async def test_a_file_that_is_no_picture_is_refused(device: Device) -> None:
    await at_the_pictures(device)
    async with device.page.expect_file_chooser() as choice:
        await place_for(device, "Choose a picture").click()
    text = FilePayload(name="cover.jpg", mimeType="image/jpeg", buffer=b"no picture")
    await (await choice.value).set_files(text)

    await expect(device.page.get_by_role("alert")).to_contain_text("This picture cannot be shown")
    await expect(place_for(device, "Choose a picture")).to_be_enabled()
