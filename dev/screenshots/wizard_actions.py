"""What is done on a page of the front end before its picture is taken."""

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page, expect

Act = Callable[[Page], None]

_SAID_MS: Final = 120_000
"""For the answer to a sentence."""


def only_look(_page: Page) -> None:
    """Nothing is done."""


def describe_an_event(page: Page) -> None:
    """One question is then open."""
    page.get_by_label("Describe your event").fill(
        "A pop-up called The Hat Room, 12 March at 7 in Lisbon, 300 people, 25 euros, doors at 6"
    )


def look_at_stages(page: Page) -> None:
    """On a phone, the stages are behind the line with the tape."""
    page.get_by_role("navigation", name="Current stage").get_by_role("button").click()


def continue_at_once(page: Page) -> None:
    """Errors are then listed."""
    page.get_by_role("button", name="Continue to").click()


def type_without_connection(page: Page) -> None:
    """It is sent later, when there is a connection again."""
    _go_offline(page)
    _type(page, Summary="Looks made of what was left over, shown between palms.")


def type_beside_another_person(save: Callable[[], None]) -> Act:
    """``save``: the other person changes title and summary before those of the page are sent."""

    def act(page: Page) -> None:
        _go_offline(page)
        _type(
            page,
            Title="Second Skin in the Palm House",
            Summary="Thirty-four looks made of what was left over, shown between palms.",
        )
        save()
        page.context.set_offline(False)

    return act


def talk_to_the_assistant(page: Page) -> None:
    """Which saves what is said once it is accepted, and lists what is missing."""
    for sentence in ("It ends at 22:30, and doors open at 18:00", "yes", "What is missing?"):
        _say(page, sentence)


def ask_to_publish(page: Page) -> None:
    """The page then shows what would be published. The person accepts the terms."""
    _say(page, "Publish", is_asked=True)
    page.get_by_label("I accept the terms").locator("xpath=..").click()


def _say(page: Page, sentence: str, *, is_asked: bool = False) -> None:
    """``is_asked``: the assistant asks the person for something before it goes on."""
    panel = page.get_by_role("dialog", name="Assistant")
    if not panel.is_visible():
        page.get_by_role("button", name="Assistant", exact=True).click()
    expect(panel.get_by_role("list", name="Answers")).to_be_visible(timeout=_SAID_MS)
    answers = panel.locator(".turn:not(.by-person)")
    before = answers.count()
    panel.get_by_role("textbox").fill(sentence)
    panel.get_by_role("textbox").press("Enter")
    expect(answers).to_have_count(before + 1, timeout=_SAID_MS)
    if not is_asked:
        expect(panel.get_by_role("button", name="Stop")).to_be_hidden(timeout=_SAID_MS)


def _go_offline(page: Page) -> None:
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    page.context.set_offline(True)


def _type(page: Page, **texts: str) -> None:
    for label, text in texts.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("heading", level=1).click()
