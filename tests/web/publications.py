"""Sessions that are shown at the moment before they are published."""

from typing import Final

from playwright.async_api import expect

from tests.support.paid_sessions import start_seller
from tests.web.device import Device
from tests.web.events import READY_EVENT

OUT: Final = "Nachtschicht is out."
CLEAR: Final = "Nothing stands in the way."

SLOW_MS: Final = 60_000
"""Temporal repeats an activity of a killed worker after its heartbeat's timeout."""


async def ready_to_publish(device: Device, person: tuple[str, str] | None = None) -> str:
    """The id of a session with free tickets."""
    await device.sign_in(person)
    session = await device.begin(READY_EVENT)
    await device.open_stage(session, "reviewPublish")
    await expect(device.heading(CLEAR)).to_be_visible()
    return session


async def paid_event(device: Device, person: tuple[str, str] | None = None) -> tuple[str, str]:
    """The ids of a session that sells tickets, and of its account at Stripe.

    The session learns a moment later that the account is ready. Until then, "Publish" leads to what
    stands in the way.
    """
    await device.sign_in(person)
    async with await device.api() as http:
        seller = await start_seller(http, device.site.stand_in, title="Nachtschicht")
    await device.open_stage(seller.wizard.session_id, "reviewPublish")
    await expect(device.heading(CLEAR)).to_be_visible()
    return seller.wizard.session_id, seller.account


async def publish_slowly(device: Device) -> None:
    """Returns while the page shows the steps, of which one takes its time at Stripe."""
    await device.site.stand_in.fail("slow", path="/v1/products", seconds=5)
    await device.button("Publish").click()
    await expect(device.heading("Publishing Nachtschicht")).to_be_visible()
