"""The screens of the front end: each on a desktop and on a phone, light and dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple

import httpx
from playwright.sync_api import Page, ViewportSize, expect

from dev.demo.client import TIMEOUT_SECONDS
from dev.screenshots import wizard_sessions as sessions
from dev.screenshots.browser import BrowserFailed, write_picture
from dev.screenshots.sessions import Play
from dev.screenshots.wizard_actions import (
    Act,
    ask_to_publish,
    continue_at_once,
    describe_an_event,
    look_at_stages,
    only_look,
    talk_to_the_assistant,
    type_beside_another_person,
    type_without_connection,
)
from dev.stack.state import Stack
from domain.session.view import PublicationState
from domain.stages import Stage
from domain.values.payments import PaymentStatus

ADA: Final = "Ada Lindqvist Studio Halm"
NOOR: Final = "Noor Rahimi Studio Halm"

SCALE: Final = 0.75
"""There are many of these pictures."""

_DAYS_AHEAD: Final = 12
_SHOWN_MS: Final = 120_000


class Look(NamedTuple):
    suffix: str
    size: ViewportSize
    colors: Literal["light", "dark"]


LOOKS: Final = tuple(
    Look(f"{device}{'-dark' if colors == 'dark' else ''}", size, colors)
    for device, size in (
        ("desktop", ViewportSize(width=1440, height=900)),
        ("phone", ViewportSize(width=390, height=844)),
    )
    for colors in ("light", "dark")
)
_PHONE: Final = tuple(look for look in LOOKS if look.suffix.startswith("phone"))
_DESKTOP: Final = tuple(look for look in LOOKS if look not in _PHONE)


class WizardScreen(NamedTuple):
    """``path`` is that of the page, ``act`` what is done on it. The pictures are taken once
    ``text`` is visible, if necessary in the page's frame."""

    name: str
    path: str
    text: str
    act: Act = only_look
    is_in_frame: bool = False
    looks: tuple[Look, ...] = LOOKS


_STAGES: Final = (
    ("organizer", Stage.ORGANIZER_SETUP, "Who invites?"),
    ("event", Stage.EVENT_SETUP, "What is it, and when?"),
    ("venue", Stage.VENUE_SETUP, "Where is it?"),
    ("tickets", Stage.TICKET_SETUP, "Who gets in"),
    ("media", Stage.SPONSORS_MEDIA, "Who and what is seen?"),
    ("review", Stage.REVIEW_PUBLISH, "One thing stands in the way."),
)


def take(page: Page, stack: Stack, images: Path) -> None:
    """Writes the pictures of each screen.

    Raises:
        StackError: a session does not get into the state for its picture.
    """
    _photograph(page, WizardScreen("sign-in", "/", "Sign in"), stack, images)
    sign_in(page, stack)
    with sessions.ada(stack) as ada, _beside(NOOR, page, stack) as noor:
        for screen in _screens(ada, noor, stack):
            _photograph(page, screen, stack, images)


def sign_in(page: Page, stack: Stack, person: str = ADA) -> None:
    """Signs a person of the pictures in, on a page that shows the way in."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=person).click()
    page.wait_for_url(f"{stack.api_url}/")


class Beside(NamedTuple):
    """Another person: their browser's page, and a client with a token of their sign-in, which has
    their name, unlike one for development."""

    page: Page
    http: httpx.Client


@contextmanager
def _beside(person: str, page: Page, stack: Stack) -> Iterator[Beside]:
    browser = page.context.browser
    if browser is None:
        raise BrowserFailed("the browser has ended")
    other = browser.new_page()
    other.goto(stack.api_url)
    sign_in(other, stack, person)
    token = other.evaluate("JSON.parse(localStorage.identity).accessToken")
    signed = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=stack.api_url, headers=signed, timeout=TIMEOUT_SECONDS) as http:
        yield Beside(other, http)
    other.close()


def measured_pages(stack: Stack) -> dict[str, str]:
    """Addresses of the pages that Lighthouse measures: for a person, and for anyone."""
    with sessions.ada(stack) as http:
        show = sessions.sections_of(http, sessions.SHOW)
        published = Play(http, stack, sessions.SHOW, show)
        published.publish()
        published.wait_for_publication(PublicationState.PUBLISHED)
        slug = sessions.event_of(http, published.session_id)["slug"]
        draft = Play(http, stack, sessions.SHOW, sessions.without(show, "review"))
    return {
        "start": f"{stack.api_url}/start",
        "a stage": f"{stack.api_url}/s/{draft.session_id}/eventSetup",
        "the public page": f"{stack.api_url}/e/{slug}",
    }


def _screens(ada: httpx.Client, noor: Beside, stack: Stack) -> Iterator[WizardScreen]:
    """Plays the sessions, each before its screens."""
    yield WizardScreen("no-events", "/", "Nothing on the table.")
    yield WizardScreen("start", "/start", "Begin with these", describe_an_event)
    yield WizardScreen("not-found", "/no/such/page", "Not here.")

    show, shop, exhibition, launch = (
        sessions.sections_of(ada, name)
        for name in (sessions.SHOW, sessions.SHOP, sessions.EXHIBITION, sessions.LAUNCH)
    )
    published = Play(ada, stack, sessions.SHOP, shop)
    account = published.connect("complete", PaymentStatus.READY)
    published.publish()
    published.wait_for_publication(PublicationState.PUBLISHED)
    sessions.sell(ada, stack, published.session_id)
    scheduled = Play(ada, stack, sessions.LAUNCH, launch)
    scheduled.publish(at=datetime.now(UTC) + timedelta(days=_DAYS_AHEAD))
    Play(ada, stack, sessions.EXHIBITION, sessions.without(exhibition, "ticket", "review"))
    draft = Play(ada, stack, sessions.SHOW, sessions.without(show, "review"))
    yield WizardScreen("my-events", "/", "Published")
    yield WizardScreen("scheduled", _review(scheduled), "Do not publish")
    yield WizardScreen("published", _review(published), "Pause sales")
    noor.page.goto(f"{stack.api_url}{_event(draft)}")
    yield from _screens_of_a_draft(draft, noor.http)
    noor.page.goto(stack.api_url)

    helped = Play(ada, stack, sessions.SHOW, sessions.without(show, "review"))
    yield WizardScreen("assistant", _event(helped), "Undo", talk_to_the_assistant)
    for looks in (_DESKTOP, _PHONE):
        asked = Play(ada, stack, sessions.LAUNCH, sessions.without(launch, "review"))
        path = _event(asked)
        yield WizardScreen("confirmation", path, "Not yet", ask_to_publish, looks=looks)

    refused = Play(ada, stack, sessions.SHOP, sessions.without(shop, "review"))
    refused.save(Stage.TICKET_SETUP, sessions.WRONG_TICKETS)
    tickets = f"/s/{refused.session_id}/{Stage.TICKET_SETUP}"
    yield WizardScreen("errors", tickets, "Stripe takes no less than", continue_at_once)
    closed = Play(ada, stack, sessions.EXHIBITION, exhibition)
    closed.abandon()
    yield WizardScreen("closed", f"/s/{closed.session_id}/eventSetup", "was abandoned")

    ready = Play(ada, stack, sessions.SHOP, shop)
    yield WizardScreen("ready", _review(ready), "Nothing stands in the way.")
    ready.publish_in_vain(account)
    yield WizardScreen("publishing", _review(ready), "Step 3 of 4")
    ready.disconnect(account)
    ready.clear_faults()
    ready.wait_for_publication(PublicationState.FAILED)
    yield WizardScreen("failed", _review(ready), "Connect Stripe")


def _screens_of_a_draft(draft: Play, noor: httpx.Client) -> Iterator[WizardScreen]:
    session = f"/s/{draft.session_id}"
    for name, stage, text in _STAGES:
        yield WizardScreen(f"stage-{name}", f"{session}/{stage}", text)
    event = f"{session}/{Stage.EVENT_SETUP}"
    yield WizardScreen("stages", event, "Stages", look_at_stages, looks=_PHONE)
    yield WizardScreen("preview", f"{session}/preview", "Second Skin", is_in_frame=True)
    sessions.change_together(draft, noor)
    yield WizardScreen("history", f"{session}/history#3", "Go back to revision 3")
    yield WizardScreen("offline", event, "No connection since", type_without_connection)
    conflict = type_beside_another_person(lambda: sessions.change_title(draft, noor))
    yield WizardScreen("conflict", event, "Noor changed two fields", conflict)


def _event(play: Play) -> str:
    return f"/s/{play.session_id}/{Stage.EVENT_SETUP}"


def _review(play: Play) -> str:
    return f"/s/{play.session_id}/{Stage.REVIEW_PUBLISH}"


def _photograph(page: Page, screen: WizardScreen, stack: Stack, images: Path) -> None:
    page.set_viewport_size(screen.looks[0].size)
    page.goto(f"{stack.api_url}{screen.path}")
    screen.act(page)
    place = page.frame_locator("iframe") if screen.is_in_frame else page
    for look in screen.looks:
        page.emulate_media(color_scheme=look.colors)
        page.set_viewport_size(look.size)
        expect(place.get_by_text(screen.text).first).to_be_visible(timeout=_SHOWN_MS)
        for condition in ("document.fonts.ready", _LOADED, _AT_REST):
            page.evaluate(_NOT_FOR_EVER.format(condition=condition))
        write_picture(page.screenshot(), images / f"wizard-{screen.name}-{look.suffix}.png")
    page.context.set_offline(False)


_NOT_FOR_EVER: Final = """
Promise.race([{condition}, new Promise(end => setTimeout(end, 20_000))]).then(() => true)
"""
"""Playwright waits for a promise without a limit, and a picture or an animation that the browser
has put off may never be ready."""

_LOADED: Final = """
Promise.all([...document.images].filter(image => image.checkVisibility())
    .map(image => image.decode().catch(() => undefined)))
"""

_AT_REST: Final = """
Promise.allSettled(document.getAnimations()
    .filter(animation => animation.effect.getComputedTiming().iterations < 10)
    .map(animation => animation.finished))
"""
"""Once transitions are over: only what goes on for ever still moves."""
