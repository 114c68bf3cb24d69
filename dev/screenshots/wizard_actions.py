"""What is done on a page of the front end before its picture is taken."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Act = Callable[[Page], None]


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


def _go_offline(page: Page) -> None:
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    page.context.set_offline(True)


def _type(page: Page, **texts: str) -> None:
    for label, text in texts.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("heading", level=1).click()
