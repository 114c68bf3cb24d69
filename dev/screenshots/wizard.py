"""The screens of the front end: each on a desktop and on a phone, light and dark."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import httpx
from playwright.sync_api import Page, ViewportSize, expect

from dev.demo.client import BuyerClient, WizardClient, expected, submit_page
from dev.demo.examples import load
from dev.pictures.drawing import draw
from dev.screenshots.sessions import Play, person
from dev.stack.state import Stack
from dev.stripe_stand_in.protocol.faults import Fault, FaultKind
from domain.orders.sales import SaleState
from domain.schemas.ticket import TierKind
from domain.session.view import PublicationState
from domain.values.payments import PaymentStatus

PERSON: Final = "Ada Lindqvist Studio Halm"
_USER, _ORG = "ada", "studio-halm"

SHOW: Final = "hybrid-fashion-show"
SHOP: Final = "paid-pop-up"
EXHIBITION: Final = "virtual-exhibition"

SCALE: Final = 0.75
"""There are many of these pictures."""

_DAYS_AHEAD: Final = 12
_SHOWN_MS: Final = 15_000


class WizardScreen(NamedTuple):
    """``path`` is that of the page; the picture is taken once ``text`` is visible, if necessary in
    the page's frame."""

    name: str
    path: str
    text: str
    is_in_frame: bool = False


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

_STAGES: Final = (
    ("organizer", "organizerSetup", "Who invites?"),
    ("event", "eventSetup", "What is it, and when?"),
    ("venue", "venueSetup", "Where is it?"),
    ("tickets", "ticketSetup", "Who gets in"),
    ("media", "sponsorsMedia", "Who and what is seen?"),
    ("review", "reviewPublish", "When should it go public?"),
)


def take(page: Page, stack: Stack, images: Path) -> None:
    """Writes four pictures of each screen.

    Raises:
        StackError: a session does not get into the state for its picture.
    """
    _photograph(page, WizardScreen("sign-in", "/", "Sign in"), stack, images)
    sign_in(page, stack)
    with person(stack, _USER, _ORG) as http:
        for screen in _screens(http, stack):
            _photograph(page, screen, stack, images)


def sign_in(page: Page, stack: Stack) -> None:
    """Signs the person of the pictures in, on a page that shows the way in."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=PERSON).click()
    page.wait_for_url(f"{stack.api_url}/")


def measured_pages(stack: Stack) -> dict[str, str]:
    """Addresses of the pages that Lighthouse measures: for a person, and for anyone."""
    with person(stack, _USER, _ORG) as http:
        sections = _sections(http, SHOW)
        published = Play(http, stack, SHOW, sections)
        published.publish()
        published.wait_for_publication(PublicationState.PUBLISHED)
        slug = _event_of(http, published.session_id)["slug"]
        draft = Play(http, stack, SHOW, _without(sections, "review"))
    return {
        "start": f"{stack.api_url}/start",
        "a stage": f"{stack.api_url}/s/{draft.session_id}/eventSetup",
        "the public page": f"{stack.api_url}/e/{slug}",
    }


def _screens(http: httpx.Client, stack: Stack) -> Iterator[WizardScreen]:
    """Plays the sessions, and lists the screens. Those that change are the last."""
    show, shop = _sections(http, SHOW), _sections(http, SHOP)
    published = Play(http, stack, SHOP, shop)
    account = published.connect("complete", PaymentStatus.READY)
    published.publish()
    published.wait_for_publication(PublicationState.PUBLISHED)
    _sell(http, stack, published.session_id)
    running = Play(http, stack, SHOP, shop)
    scheduled = Play(http, stack, SHOW, show)
    scheduled.publish(at=datetime.now(UTC) + timedelta(days=_DAYS_AHEAD))
    draft = Play(http, stack, SHOW, _without(show, "review"))
    Play(http, stack, EXHIBITION, _without(_sections(http, EXHIBITION), "ticket", "review"))

    yield WizardScreen("my-events", "/", "Published")
    yield WizardScreen("start", "/start", "What is it called?")
    for name, stage, text in _STAGES:
        yield WizardScreen(f"stage-{name}", f"/s/{draft.session_id}/{stage}", text)
    yield WizardScreen("preview", f"/s/{draft.session_id}/preview", "Second Skin", is_in_frame=True)
    yield WizardScreen("history", f"/s/{draft.session_id}/history", "History")
    yield WizardScreen("scheduled", f"/s/{scheduled.session_id}/reviewPublish", "Do not publish")
    yield WizardScreen("published", f"/s/{published.session_id}/reviewPublish", "Pause sales")
    yield WizardScreen("not-found", "/no/such/page", "Not here.")
    running.add_fault(
        Fault(kind=FaultKind.ERROR_BEFORE_EFFECT, path="/v1/prices", account=account, times=None)
    )
    running.publish()
    running.wait_for_step("catalogue")
    yield WizardScreen("publishing", f"/s/{running.session_id}/reviewPublish", "Step 3 of 4")


def _sections(http: httpx.Client, example: str) -> dict[str, Any]:
    """The sections of an example, whose drawings are uploaded pictures."""
    api = WizardClient(http)
    loaded = load(example, datetime.now(UTC).date())
    urls = {name: str(api.upload(draw(name)).json()["url"]) for name in loaded.pictures}
    return loaded.with_pictures(urls).sections


def _without(sections: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data for name, data in sections.items() if name not in names}


def _sell(http: httpx.Client, stack: Stack, session_id: str) -> None:
    """A buyer of each ticket that is on sale pays."""
    slug = _event_of(http, session_id)["slug"]
    with httpx.Client(base_url=stack.api_url, timeout=30) as anyone:
        buyers = BuyerClient(anyone)
        for tier in WizardClient(http).public_event(slug).json()["ticket_tiers"]:
            if tier["kind"] == TierKind.PAID and tier["sale_state"] == SaleState.ON_SALE:
                order = buyers.order(slug, [{"tier_id": tier["id"], "quantity": 1}]).json()
                submit_page(order["checkout_url"])


def _event_of(http: httpx.Client, session_id: str) -> dict[str, Any]:
    session = http.get(f"/v1/sessions/{session_id}?consistent=true")
    event_id = expected(session, HTTPStatus.OK).json()["event_id"]
    event: dict[str, Any] = expected(http.get(f"/v1/events/{event_id}"), HTTPStatus.OK).json()
    return event


def _photograph(page: Page, screen: WizardScreen, stack: Stack, images: Path) -> None:
    for look in LOOKS:
        page.emulate_media(color_scheme=look.colors)
        page.set_viewport_size(look.size)
        page.goto(f"{stack.api_url}{screen.path}")
        place = page.frame_locator("iframe") if screen.is_in_frame else page
        expect(place.get_by_text(screen.text).first).to_be_visible(timeout=_SHOWN_MS)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate(_LOADED)
        page.screenshot(path=images / f"wizard-{screen.name}-{look.suffix}.png")


_LOADED: Final = """
Promise.all([...document.images].filter(image => image.checkVisibility())
    .map(image => image.decode().catch(() => undefined)))
"""
