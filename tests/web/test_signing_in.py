"""Who is signed in: other tabs, and other organizations."""

from uuid import uuid4

from playwright.async_api import expect

from tests.web.device import ADA, Device
from tests.web.events import FREE_EVENT


async def test_a_switch_of_organization_shows_its_events(device: Device) -> None:
    title = f"Nachtschicht {uuid4().hex[:8]}"
    await device.sign_in(ADA)
    await device.begin({**FREE_EVENT, "event": {"title": title}})
    await device.open("/")
    draft = device.page.get_by_role("link", name=title)
    await expect(draft).to_be_visible()

    await device.page.get_by_role("button", name="Ada Lindqvist, Studio Halm").click()
    await device.button("Switch to Acme").click()
    await expect(device.page.get_by_role("button", name="Ada Lindqvist, Acme")).to_be_visible()
    await expect(device.link("New event").or_(device.link("Begin an event")).first).to_be_visible()
    await expect(draft).to_have_count(0)

    await device.page.get_by_role("button", name="Ada Lindqvist, Acme").click()
    await device.button("Switch to Studio Halm").click()
    await expect(draft).to_be_visible()


async def test_only_a_person_who_was_signed_in_is_told_that_text_is_kept(device: Device) -> None:
    kept = device.page.get_by_text("is kept on this device")
    await device.page.goto(device.site.url)
    await expect(device.heading("Come in.")).to_be_visible()
    await expect(kept).to_have_count(0)

    await device.sign_in(ADA)
    await device.page.get_by_role("button", name="Ada Lindqvist, Studio Halm").click()
    await device.button("Sign out").click()
    await expect(kept).to_be_visible()


async def test_a_sign_out_reaches_every_tab(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    first = await device.context.new_page()
    await first.goto(f"{device.site.url}/")

    await first.get_by_role("button", name="Mira").click()
    await first.get_by_role("button", name="Sign out").click()

    await expect(first.get_by_role("button", name="Sign in")).to_be_visible()
    await expect(device.button("Sign in")).to_be_visible()
    await expect(device.field("Title")).to_have_count(0)
