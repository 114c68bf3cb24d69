"""Text that people type is kept: while the API is away, and when a sign-in ends."""

from playwright.async_api import expect

from tests.web.axe import barriers_on
from tests.web.device import Device
from tests.web.events import FREE_EVENT

TOMAS = ("Tomás Vidal", "")
"""Who belongs to no organization."""

KEPT = "Kept on this device"


async def test_text_typed_while_the_api_is_away_survives_a_reload(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await shell_is_cached(device)
    await device.field("Title").press("End")
    await device.field("Title").press_sequentially(" at")

    device.site.kill_api()
    await device.field("Title").press_sequentially(" night")
    await expect(device.page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()
    await device.page.reload()

    await expect(device.field("Title")).to_have_value("Nachtschicht at night")
    await device.field("Title").press("End")
    await device.field("Title").press_sequentially(", again")
    await device.site.start_api()
    await device.saved("eventSetup", title="Nachtschicht at night, again")
    await expect(device.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


async def test_a_sign_in_that_ends_while_typing_keeps_the_text(device: Device) -> None:
    await device.sign_in(("Ada Lindqvist", "Acme"))
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await device.field("Title").evaluate(TYPED_AND_REVOKED, "Typed without a sign-in")
    await expect(device.button("Sign in")).to_be_visible()
    await device.button("Sign in").click()
    if "/authorize" in device.page.url:
        await device.choose_person(("Ada Lindqvist", "Acme"))

    await expect(device.field("Title")).to_have_value("Typed without a sign-in")
    assert device.session_id == session
    await device.saved("eventSetup", title="Typed without a sign-in")


TYPED_AND_REVOKED = """(field, text) => {
    field.focus();
    field.select();
    document.execCommand("insertText", false, text);
    const tokens = JSON.parse(localStorage.identity);
    const ended = {...tokens, accessToken: "ended", refreshToken: "ended", expiresAt: 0};
    localStorage.identity = JSON.stringify(ended);
}"""
"""At once, so that the text is not sent before. Neither the API nor the issuer takes the tokens."""


async def test_a_sign_out_with_unsent_text_asks_and_keeps_it(device: Device) -> None:
    await device.sign_in(TOMAS)
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await shell_is_cached(device)
    device.site.kill_api()
    await device.field("Title").fill("Only here")
    await expect(device.page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()

    await device.page.goto(f"{device.site.url}/")
    await device.page.get_by_role("button", name="Tomás").click()
    await device.button("Sign out").click()
    question = device.page.get_by_role("dialog")
    await expect(question).to_contain_text("only on this device")
    async with device.page.expect_download() as download:
        await question.get_by_role("button", name="Download the text").click()
    assert "Only here" in (await (await download.value).path()).read_text()
    await question.get_by_role("button", name="Sign out").click()
    await expect(device.button("Sign in")).to_be_visible()

    await device.site.start_api()
    await device.sign_in(TOMAS, f"/s/{session}/eventSetup")
    await expect(device.field("Title")).to_have_value("Only here")
    await device.saved("eventSetup", title="Only here")


async def shell_is_cached(device: Device) -> None:
    """Waits until the service worker controls the page, and loads it once more through it."""
    await device.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await device.page.reload()
    await expect(device.field("Title")).to_be_visible()


async def test_a_page_without_a_network_says_so_and_sends_later(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    note = device.page.get_by_role("heading", name="No connection")

    await device.context.set_offline(True)
    await expect(note).to_be_visible()
    await device.field("Title").fill("Written on a train")
    await expect(device.page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()
    await expect(device.page.get_by_text("One change is kept on this device")).to_be_visible()
    assert await barriers_on(device.page) == {}

    await device.context.set_offline(False)
    await expect(note).to_be_hidden()
    await device.saved("eventSetup", title="Written on a train")
