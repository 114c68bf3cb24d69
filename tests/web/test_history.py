"""The history of a session in a browser, and the way back to an earlier revision."""

from playwright.async_api import expect

from tests.web.conftest import NewDevice
from tests.web.device import ADA, NOOR, Device
from tests.web.events import FREE_EVENT
from tests.web.publications import OUT, ready_to_publish


async def test_an_earlier_revision_is_restored(new_device: NewDevice) -> None:
    """Ada takes back what Noor changed."""
    ada, noor = await new_device(), await new_device()
    await ada.sign_in(ADA)
    await noor.sign_in(NOOR)
    session = await ada.begin(FREE_EVENT)
    await noor.open_stage(session, "eventSetup")
    begun = (await noor.view())["revision"]
    await noor.field("Title").fill("Tagschicht")
    await noor.saved("eventSetup", title="Tagschicht")

    await ada.open_stage(session, "eventSetup")
    await ada.link("History").click()
    await expect(ada.page.get_by_role("link", name="Noor Rahimi")).to_contain_text("Title")
    await ada.page.get_by_role("link", name="Ada Lindqvist").click()
    await expect(ada.page.get_by_role("heading", name=f"Revision {begun}")).to_be_visible()
    change = ada.page.get_by_role("row").filter(has_text="Title")
    await expect(change.get_by_role("cell")).to_have_text(["Nachtschicht", "Tagschicht"])
    proof = ada.page.get_by_role("article", name="Preview of the public page")
    await ada.button("See its proof").click()
    await expect(proof.get_by_role("heading")).to_have_text("Nachtschicht")
    await ada.button("See its proof").click()
    await expect(proof).to_be_hidden()
    await ada.button(f"Go back to revision {begun}").click()

    await expect(ada.page.get_by_text("Nothing has changed since.")).to_be_visible()
    await expect(ada.page.get_by_text("Went back to an earlier revision")).to_be_visible()
    await ada.saved("eventSetup", title="Nachtschicht")
    await expect(noor.field("Title")).to_have_value("Nachtschicht")


async def test_the_history_of_a_published_event_leads_to_its_page_and_sales(device: Device) -> None:
    await ready_to_publish(device)
    await device.button("Publish").click()
    await device.link("History").click()
    await expect(device.page.get_by_text("Every change since")).to_be_visible()
    await expect(device.page.get_by_text("Going back is a change")).to_have_count(0)
    await device.link("To its page and sales").click()
    await expect(device.heading(OUT)).to_be_visible()
