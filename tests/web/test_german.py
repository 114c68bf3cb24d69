"""The wizard for a person whose browser prefers German."""

import re
from typing import Any, Final

from playwright.async_api import expect

from tests.web.conftest import NewDevice
from tests.web.device import DATE, Device
from tests.web.hands import Mouse

ENGLISH = re.compile(r"\b(the|and|your|of|is|not|with|save[ds]?|event|title)\b", re.IGNORECASE)
"""Words that no German sentence has."""

NAMES = re.compile(r"Event Wizard|Port of Spain|Isle of Man")


async def test_a_german_page_leads_through_a_stage(new_device: NewDevice) -> None:
    device = await new_device(locale="de-DE")
    hands = Mouse()
    await device.page.goto(device.site.url)
    await expect(device.heading("Komm herein.")).to_be_visible()
    await device.button("Anmelden").click()
    await device.choose_person()
    await is_german(device)
    await device.link("Veranstaltung beginnen").click()
    await device.field("Beschreibe deine Veranstaltung").fill("Nachtschicht")
    await device.has_understood("Was wir verstanden haben")
    await is_german(device)
    await device.button("Damit beginnen").click()

    await expect(device.heading("Wer lädt ein?")).to_be_visible()
    await device.button("Weiter zu Veranstaltung").click()
    await expect(device.page.get_by_role("alert")).to_contain_text("Eine Sache zu berichtigen")
    await is_german(device)
    await device.field("Dein Name, oder der des Labels").fill("Studio Halm")
    await device.button("Weiter zu Veranstaltung").click()

    await expect(device.heading("Was ist es, und wann?")).to_be_visible()
    await hands.choose(device.radio("Modenschau"))
    await device.field("Datum").fill(DATE)
    await device.field("Beginn").fill("20:00")
    await is_german(device)
    await device.button("Weiter zu Ort").click()

    await expect(device.page.locator("nav [aria-current=step]")).to_contain_text("Ort")
    await is_german(device)
    await device.saved("organizerSetup", name="Studio Halm")
    await device.saved("eventSetup", title="Nachtschicht", type="fashion_show", startTime="20:00")


async def test_what_the_checks_find_is_german(new_device: NewDevice) -> None:
    device = await new_device(locale="de-DE")
    await device.page.goto(device.site.url)
    await device.button("Anmelden").click()
    await device.choose_person()
    session = await device.begin(FAULTY)

    await device.open_stage(session, "reviewPublish")
    await expect(device.page.get_by_text("Bezahlte Tickets brauchen ein Konto")).to_be_visible()
    await expect(device.page.get_by_text("Es gibt mehr Tickets, als der Ort")).to_be_visible()
    await is_german(device)

    await device.open_stage(session, "ticketSetup")
    await expect(device.page.get_by_text("Dazu 90 online")).to_be_visible()
    await is_german(device)
    await device.open("/")
    await expect(device.page.get_by_text("Wähle aus der Liste")).to_be_visible()
    await is_german(device)


FAULTY: Final[dict[str, Any]] = {
    "event": {"title": "Nachtschicht", "date": DATE, "type": "gala", "timezone": "Mars"},
    "venue": {"mode": "hybrid", "name": "Alte Gießerei", "capacity": 20},
    "ticket": {
        "currency": "eur",
        "tiers": [
            {"name": "Stehplatz", "kind": "paid", "unit_amount": 10, "quantity": 21},
            {"name": "Stream", "kind": "paid", "quantity": 90, "access": "online"},
        ],
    },
}
"""Things that a person would not type, but that a program may save as a draft."""


async def test_a_conversation_with_the_assistant_is_german(new_device: NewDevice) -> None:
    device = await new_device(locale="de-DE")
    await device.page.goto(device.site.url)
    await device.button("Anmelden").click()
    await device.choose_person()
    await device.open_stage(await device.begin(), "eventSetup")
    await device.page.get_by_role("button", name="Assistent", exact=True).click()
    panel = device.page.get_by_role("dialog", name="Assistent")
    answers, log = panel.get_by_role("list", name="Antworten"), panel.get_by_role("log")

    await answers.get_by_role("button", name="Was fehlt?").click()
    await expect(log).to_contain_text("Bevor sie öffentlich werden kann:")
    await expect(log).to_contain_text("Name: Das fehlt noch.")
    await is_german(device)

    field = panel.get_by_role("textbox", name="Sag es dem Assistenten")
    await field.fill(f"Eine Modenschau namens Nachtschicht am {DATE} um 19 Uhr in Berlin")
    await field.press("Enter")
    await expect(log).to_contain_text("Das habe ich verstanden:")
    await is_german(device)
    await answers.get_by_role("button", name="Sichern").click()
    await device.saved("eventSetup", title="Nachtschicht", type="fashion_show", startTime="19:00")
    await expect(log).to_contain_text("Gesichert: ")
    await is_german(device)

    await expect(answers.get_by_role("button", name="Weiter")).to_be_visible()
    await field.fill("Vorschläge")
    await field.press("Enter")
    await answers.get_by_role("button", name="Nur „Ende“ nehmen").click()
    await expect(device.field("Ende, freiwillig")).not_to_have_value("")
    await is_german(device)


async def is_german(device: Device) -> None:
    """All that is written on the page; what people write themselves is in its fields."""
    assert await device.page.evaluate("document.documentElement.lang") == "de-DE"
    words = await device.page.locator("body").inner_text()
    assert ENGLISH.findall(NAMES.sub("", words)) == [], words
