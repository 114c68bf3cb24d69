"""Two devices, and two tabs, with the same session."""

import asyncio

from playwright.async_api import Locator, Page, expect

from tests.web.axe import barriers_on
from tests.web.conftest import NewDevice
from tests.web.device import ADA, NOOR, Device
from tests.web.events import FREE_EVENT, PAID_TICKETS


async def two_devices(new_device: NewDevice, stage: str) -> tuple[Device, Device]:
    """Ada and Noor, who are members of one organization, at the same stage."""
    ada, noor = await new_device(), await new_device()
    await asyncio.gather(ada.sign_in(ADA), noor.sign_in(NOOR))
    session = await ada.begin({**FREE_EVENT, "ticket": PAID_TICKETS})
    await asyncio.gather(ada.open_stage(session, stage), noor.open_stage(session, stage))
    return ada, noor


async def test_two_people_change_different_fields(new_device: NewDevice) -> None:
    ada, noor = await two_devices(new_device, "eventSetup")

    await asyncio.gather(
        ada.field("Title").fill("From Ada"),
        noor.page.get_by_label("Summary").fill("From Noor"),
    )

    await ada.saved("eventSetup", title="From Ada", summary="From Noor")
    await expect(ada.page.get_by_label("Summary")).to_have_value("From Noor")
    await expect(noor.field("Title")).to_have_value("From Ada")


async def test_two_people_change_the_same_field_and_choose(new_device: NewDevice) -> None:
    ada, noor = await two_devices(new_device, "eventSetup")
    await noor.context.set_offline(True)
    await noor.field("Title").fill("Noor's title")
    await ada.field("Title").fill("Ada's title")
    await ada.saved("eventSetup", title="Ada's title")

    await noor.context.set_offline(False)
    await expect(noor.page.get_by_role("status").filter(has_text="1 to choose")).to_be_visible()
    await noor.page.get_by_label("Summary").fill("Meanwhile")
    await noor.saved("eventSetup", title="Ada's title", summary="Meanwhile")

    await expect(noor.page.get_by_role("radio", name="Ada")).to_be_visible()
    assert await barriers_on(noor.page) == {}
    await noor.page.get_by_role("radio", name="Yours").check()
    await noor.button("Keep this one").click()
    await noor.saved("eventSetup", title="Noor's title")
    await expect(ada.field("Title")).to_have_value("Noor's title")


async def test_two_people_change_two_tickets(new_device: NewDevice) -> None:
    ada, noor = await two_devices(new_device, "ticketSetup")

    await asyncio.gather(
        rename_ticket(ada, "Early bird", "Earliest bird"),
        rename_ticket(noor, "Standing", "Standing room"),
    )

    await expect(noor.page.get_by_text("Earliest bird").first).to_be_visible()
    await expect(ada.page.get_by_text("Standing room").first).to_be_visible()
    tiers = (await ada.view())["stages"]["ticketSetup"]["data"]["tiers"]
    assert [tier["name"] for tier in tiers] == ["Earliest bird", "Standing room"]
    assert [tier["unit_amount"] for tier in tiers] == [3000, 2500]


async def rename_ticket(device: Device, name: str, new_name: str) -> None:
    await device.button(f"Change {name}").click()
    await device.field("Name").fill(new_name)


async def test_a_second_tab_shows_what_the_first_one_types(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    second = await device.context.new_page()
    await second.goto(device.page.url)
    await expect(title_of(second)).to_have_value("Nachtschicht")

    await device.field("Title").fill("In two tabs")
    await expect(title_of(second)).to_have_value("In two tabs")
    await second.get_by_label("Summary").fill("From the second tab")

    await expect(device.page.get_by_label("Summary")).to_have_value("From the second tab")
    await device.saved("eventSetup", title="In two tabs", summary="From the second tab")


async def test_text_of_a_tab_that_closes_is_sent_by_the_other_one(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    second = await device.context.new_page()
    await second.goto(device.page.url)
    await expect(title_of(second)).to_have_value("Nachtschicht")
    await title_of(second).fill("From the second tab")
    await second.close(run_before_unload=True)
    await device.saved("eventSetup", title="From the second tab")

    third = await device.context.new_page()
    await third.goto(device.page.url)
    await expect(title_of(third)).to_have_value("From the second tab")
    leader, device.page = device.page, third
    await device.field("Title").fill("From the third tab")
    await leader.close(run_before_unload=True)
    await device.saved("eventSetup", title="From the third tab")


def title_of(page: Page) -> Locator:
    return page.get_by_label("Title", exact=True)
