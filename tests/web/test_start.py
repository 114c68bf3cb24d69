"""A sentence on the page that begins an event: what is understood, changed and left out."""

import re
from datetime import date
from typing import Any, Final

from playwright.async_api import Locator, Route, expect

from tests.web.axe import barriers_on
from tests.web.conftest import NewDevice
from tests.web.device import DATE, PHONE, Device
from tests.web.hands import Finger, Keyboard
from tests.web.test_german import is_german

DAY: Final = date.fromisoformat(DATE)
SENTENCE: Final = (
    f"A pop-up called The Hat Room, {DAY.day} {DAY:%B} {DAY.year} at 7 in Lisbon, 300 people, "
    "25 euros, doors at 6"
)
NARROWEST: Final = 320
UNDERSTANDING: Final = "**/v1/understanding"


def row(device: Device, label: str) -> Locator:
    return device.page.locator(".understood-row").filter(
        has=device.page.get_by_text(label, exact=True)
    )


async def describe(device: Device, sentence: str = SENTENCE) -> None:
    """On the page that begins an event, until the sentence is understood."""
    await device.field("Describe your event").fill(sentence)
    await device.has_understood()


async def begun(device: Device) -> dict[str, Any]:
    """The data of the session that has just been begun, by stage."""
    await expect(device.heading("Who invites?")).to_be_visible()
    stages = (await device.view())["stages"]
    return {name: stage["data"] for name, stage in stages.items()}


async def test_a_sentence_with_a_question_fills_in_the_wizard(device: Device) -> None:
    await device.sign_in(path="/start")
    await describe(device)
    await expect(row(device, "Title")).to_contain_text("The Hat Room")
    await expect(row(device, "Kind")).to_contain_text("Pop-up")
    await expect(row(device, "Place")).to_contain_text("Lisbon, Portugal · Lisbon time")
    await expect(row(device, "Place")).to_contain_text("assumed: the country")
    await expect(row(device, "Room for")).to_contain_text("300 people")
    await expect(row(device, "Ticket")).to_contain_text("€25.00")

    await expect(device.button("Begin with these")).to_be_disabled()
    await expect(device.page.get_by_text("One question is open: the time.")).to_be_visible()
    await device.button("19:00").click()
    await expect(row(device, "Starts")).to_contain_text("19:00")
    await expect(row(device, "Doors")).to_contain_text("18:00")
    await device.button("Begin with these").click()

    data = await begun(device)
    assert data["eventSetup"] == {
        "title": "The Hat Room",
        "type": "popup",
        "date": DATE,
        "startTime": "19:00",
        "timezone": "Europe/Lisbon",
    }
    assert data["venueSetup"] == {
        "mode": "physical",
        "address": {"city": "Lisbon", "country": "PT"},
        "capacity": 300,
        "doorsTime": "18:00",
    }
    (tier,) = data["ticketSetup"]["tiers"]
    assert (tier["kind"], tier["unit_amount"]) == ("paid", 2_500)
    assert data["ticketSetup"]["currency"] == "eur"


async def test_what_is_changed_and_left_out_stays_when_the_sentence_changes(
    device: Device,
) -> None:
    await device.sign_in(path="/start")
    await describe(device)
    await device.button("Change: Ticket").click()
    await device.field("Price").fill("30")
    await device.page.get_by_label("How many").fill("40")
    await device.button("Done").click()
    await expect(row(device, "Ticket")).to_contain_text(re.compile("€30.00, . 40"))
    await device.button("Change: Place").click()
    await device.page.get_by_label("Name of the place").fill("Ateliê")
    await device.button("Done").click()
    await device.button("Leave out: Room for").click()
    await device.button("Leave out: Title").click()
    await device.button("Put back: Title").click()
    await device.button("Leave out: Starts").click()
    await expect(device.button("Begin with these")).to_be_enabled()

    await device.field("Describe your event").fill(
        SENTENCE.replace("Hat", "Cap").replace("300", "200").replace("25", "20")
    )
    await expect(row(device, "Title")).to_contain_text("The Cap Room")
    await expect(row(device, "Ticket")).to_contain_text(re.compile("€30.00, . 40"))
    await expect(row(device, "Room for")).to_contain_text("Left out")
    await device.button("Begin with these").click()

    data = await begun(device)
    assert data["eventSetup"]["title"] == "The Cap Room"
    assert "startTime" not in data["eventSetup"]
    assert data["venueSetup"]["name"] == "Ateliê"
    assert "capacity" not in data["venueSetup"]
    (tier,) = data["ticketSetup"]["tiers"]
    assert (tier["unit_amount"], tier["quantity"]) == (3_000, 40)


async def test_a_title_alone_is_the_title_and_enter_begins(device: Device) -> None:
    await device.sign_in(path="/start")
    await device.field("Describe your event").fill("nachtschicht")
    await device.page.keyboard.press("Enter")
    await expect(row(device, "Title")).to_contain_text("assumed: the whole sentence is the title")
    await device.page.keyboard.press("Enter")
    assert (await begun(device))["eventSetup"] == {"title": "nachtschicht"}


async def test_words_without_a_use_are_said(device: Device) -> None:
    await device.sign_in(path="/start")
    await describe(device, "Zebra quux, 25 euros")
    await expect(device.page.get_by_text("Not used: Zebra quux")).to_be_visible()


async def test_a_sentence_is_the_title_while_the_api_is_away(device: Device) -> None:
    await device.sign_in(path="/start")
    await device.page.route(UNDERSTANDING, lambda route: route.abort())
    await describe(device, "The Hat Room in Lisbon")
    await expect(row(device, "Title")).to_contain_text("The Hat Room in Lisbon")
    await expect(device.page.get_by_text("The sentence cannot be read right now")).to_be_visible()

    await device.page.unroute(UNDERSTANDING)
    await device.button("Try again").click()
    await expect(row(device, "Place")).to_contain_text("Lisbon, Portugal")

    await device.page.route(UNDERSTANDING, lambda route: route.abort())
    await device.field("Describe your event").fill("The Cap Room in Lisbon")
    await expect(row(device, "Title")).to_contain_text("The Cap Room in Lisbon")
    await device.button("Begin with these").click()
    assert (await begun(device))["eventSetup"] == {"title": "The Cap Room in Lisbon"}


async def test_a_reload_keeps_the_sentence_and_all_choices(device: Device) -> None:
    await device.sign_in(path="/start")
    await describe(device)
    await device.button("07:00").click()
    await device.button("Leave out: Kind").click()
    await device.button("Change: Title").click()
    await device.field("Title").fill("Chapelaria")

    await device.page.reload()
    await expect(device.field("Describe your event")).to_have_value(SENTENCE)
    await expect(row(device, "Title")).to_contain_text("Chapelaria")
    await expect(row(device, "Kind")).to_contain_text("Left out")
    await expect(row(device, "Starts")).to_contain_text("07:00")
    await device.button("Begin with these").click()
    data = (await begun(device))["eventSetup"]
    assert (data["title"], data["startTime"]) == ("Chapelaria", "07:00")
    assert "type" not in data

    await device.open("/start")
    await expect(device.field("Describe your event")).to_have_value("")
    await expect(device.page.get_by_role("heading", name="What we understood")).to_have_count(0)


async def test_a_lost_answer_begins_one_event_also_after_a_reload(device: Device) -> None:
    await device.sign_in(path="/start")
    await describe(device, "The Hat Room")
    lost: list[str] = []

    async def lose(route: Route) -> None:
        answer = await route.fetch()
        lost.append((await answer.json())["session_id"])
        await route.abort()

    await device.page.route("**/v1/sessions", lose)
    await device.button("Begin with these").click()
    await expect(
        device.page.get_by_text("The event could not be created. Try again.")
    ).to_be_visible()
    await device.page.unroute("**/v1/sessions")
    await device.page.reload()
    await device.button("Begin with these").click()
    await expect(device.heading("Who invites?")).to_be_visible()
    assert lost == [device.session_id]


async def test_the_keyboard_alone_answers_changes_and_begins(device: Device) -> None:
    hands = Keyboard(device.page)
    await device.sign_in(path="/start")
    await hands.write(device.field("Describe your event"), SENTENCE)
    await device.has_understood()
    await hands.press(device.button("Change: Title"))
    await expect(device.field("Title")).to_be_focused()
    await device.page.keyboard.press("ControlOrMeta+A")
    await device.page.keyboard.type("Hats")
    await hands.press(device.button("Done"))
    await expect(device.button("Change: Title")).to_be_focused()

    await hands.press(device.button("Leave out: Kind"))
    await expect(device.button("Put back: Kind")).to_be_focused()
    await hands.go_back_to(device.field("Describe your event"))
    await device.page.keyboard.press("Enter")
    await expect(device.button("07:00")).to_be_focused()
    await hands.press(device.button("19:00"))
    await expect(device.button("Change: Starts")).to_be_focused()
    await hands.press(device.button("Begin with these"))
    data = (await begun(device))["eventSetup"]
    assert (data["title"], data["startTime"]) == ("Hats", "19:00")


async def test_a_phone_answers_and_leaves_out(new_device: NewDevice) -> None:
    device = await new_device(**PHONE)
    hands = Finger()
    await device.sign_in(path="/start")
    await hands.write(device.field("Describe your event"), SENTENCE)
    await device.has_understood()
    await hands.press(device.button("19:00"))
    await hands.press(device.button("Change: Starts"))
    await hands.press(device.button("Ask again"))
    await hands.press(device.button("07:00"))
    await hands.press(device.button("Change: Kind"))
    await hands.press(device.button("Leave out"))
    await expect(row(device, "Kind")).to_contain_text("Left out")
    await hands.press(device.button("Begin with these"))
    data = (await begun(device))["eventSetup"]
    assert data["startTime"] == "07:00"
    assert "type" not in data


async def test_a_german_sentence_is_understood_in_german(new_device: NewDevice) -> None:
    device = await new_device(locale="de-DE")
    await device.page.goto(f"{device.site.url}/start")
    await device.button("Anmelden").click()
    await device.choose_person()
    await device.field("Beschreibe deine Veranstaltung").fill(
        "Ausstellung namens Stoffe, um 7 in Berlin, 300 Personen, 25 Euro, quux"
    )
    await device.has_understood("Was wir verstanden haben")
    await expect(row(device, "Titel")).to_contain_text("Stoffe")
    await expect(row(device, "Ort")).to_contain_text("Berlin, Deutschland · Zeit von Berlin")
    await expect(row(device, "Ticket")).to_contain_text("25,00")
    await expect(device.page.get_by_text("Eine Frage ist offen: die Uhrzeit.")).to_be_visible()
    await device.button("Ändern: Ort").click()
    await is_german(device)


async def test_the_list_is_accessible_in_all_states_and_fits(device: Device) -> None:
    await device.sign_in(path="/start")
    await describe(device, f"{SENTENCE}, Frühjahrskollektionspräsentationsbegleitprogramm")
    await device.button("Leave out: Kind").click()
    for name in ("Ticket", "Place", "Date"):
        await device.button(f"Change: {name}").click()
        assert await barriers_on(device.page) == {}
        await device.page.set_viewport_size({"width": NARROWEST, "height": 700})
        assert await device.page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
        await device.page.set_viewport_size({"width": 1440, "height": 900})
        await device.button("Done").click()
