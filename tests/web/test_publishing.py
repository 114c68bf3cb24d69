"""Publishing in a browser: pressed twice, interrupted, taken up on another device, and failed."""

from playwright.async_api import expect

from tests.web.axe import barriers_on
from tests.web.conftest import NewDevice
from tests.web.device import ADA, NOOR, Device
from tests.web.publications import OUT, SLOW_MS, paid_event, publish_slowly, ready_to_publish


async def test_a_double_click_publishes_once(device: Device) -> None:
    await ready_to_publish(device)

    await device.button("Publish").dblclick()

    await expect(device.heading(OUT)).to_be_visible()
    view = await device.view()
    assert view["publication"]["state"] == "published"
    assert len([url for url in device.requests if url.endswith("/publish")]) == 1


async def test_a_worker_killed_while_publishing_only_delays_it(device: Device) -> None:
    await paid_event(device)
    await publish_slowly(device)

    device.site.kill_worker()
    assert await barriers_on(device.page) == {}  # while no step can end
    await device.site.start_worker()

    await expect(device.heading(OUT)).to_be_visible(timeout=SLOW_MS)


async def test_a_publication_is_followed_on_another_device(new_device: NewDevice) -> None:
    first, second = await new_device(), await new_device()
    await second.sign_in(NOOR)
    session, _ = await paid_event(first, ADA)
    await publish_slowly(first)

    await first.page.close()
    await second.open_stage(session, "reviewPublish")

    await expect(second.heading(OUT)).to_be_visible(timeout=SLOW_MS)


async def test_a_failed_publication_is_taken_back_and_repeated(device: Device) -> None:
    """Stripe refuses, because the organizer disconnects the account meanwhile."""
    _, account = await paid_event(device)
    await publish_slowly(device)
    await expect(device.page.get_by_text("Step 3 of 4")).to_be_visible()
    await device.site.stand_in.post(f"/accounts/{account}/disconnect")

    await expect(device.page.get_by_role("heading", name="It was not published.")).to_be_visible(
        timeout=SLOW_MS
    )
    step = device.page.get_by_role("main").get_by_role("listitem")
    await expect(step.filter(has_text="Address reserved")).to_contain_text("taken back")
    await expect(step.filter(has_text="Tickets and prices at Stripe")).to_contain_text(
        "did not work"
    )
    assert await barriers_on(device.page) == {}

    await device.link("Connect Stripe").click()
    await device.button("Connect Stripe").click()
    await device.page.get_by_role("button", name="Complete").click()
    await expect(device.page.get_by_role("heading", name="Ready")).to_be_visible()
    await device.page.get_by_role("link", name="Review").click()
    await device.button("Try again").click()
    await expect(device.heading(OUT)).to_be_visible(timeout=SLOW_MS)
