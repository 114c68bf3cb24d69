"""The sessions on the screens of the front end, of two members of one organization."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import httpx

from dev.demo.client import BuyerClient, WizardClient, expected, submit_page
from dev.demo.examples import load
from dev.pictures.drawing import draw
from dev.screenshots.sessions import Play, person
from dev.stack.state import Stack
from domain.orders.sales import SaleState
from domain.schemas.ticket import TierKind
from domain.stages import Stage

ORG: Final = "studio-halm"

SHOW: Final = "hybrid-fashion-show"
SHOP: Final = "paid-pop-up"
EXHIBITION: Final = "virtual-exhibition"
LAUNCH: Final = "free-launch"

WRONG_TICKETS: Final[Mapping[str, Any]] = {
    "tiers": [
        {"name": "Fitting with the hatter", "kind": "paid", "unit_amount": 30, "quantity": 40},
        {"kind": "paid", "unit_amount": 12_300, "quantity": 4},
    ]
}
"""One costs less than Stripe takes, and the other has no name."""


def ada(stack: Stack) -> AbstractContextManager[httpx.Client]:
    return person(stack, "ada", ORG)


def sections_of(http: httpx.Client, example: str) -> dict[str, Any]:
    """The sections of an example, whose drawings are uploaded pictures."""
    api = WizardClient(http)
    loaded = load(example, datetime.now(UTC).date())
    urls = {name: str(api.upload(draw(name)).json()["url"]) for name in loaded.pictures}
    return loaded.with_pictures(urls).sections


def without(sections: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data for name, data in sections.items() if name not in names}


def sell(http: httpx.Client, stack: Stack, session_id: str) -> None:
    """A buyer of each ticket that is on sale pays."""
    slug = event_of(http, session_id)["slug"]
    with httpx.Client(base_url=stack.api_url, timeout=30) as anyone:
        buyers = BuyerClient(anyone)
        for tier in WizardClient(http).public_event(slug).json()["ticket_tiers"]:
            if tier["kind"] == TierKind.PAID and tier["sale_state"] == SaleState.ON_SALE:
                order = buyers.order(slug, [{"tier_id": tier["id"], "quantity": 1}]).json()
                submit_page(order["checkout_url"])


def event_of(http: httpx.Client, session_id: str) -> dict[str, Any]:
    session = http.get(f"/v1/sessions/{session_id}?consistent=true")
    event_id = expected(session, HTTPStatus.OK).json()["event_id"]
    event: dict[str, Any] = expected(http.get(f"/v1/events/{event_id}"), HTTPStatus.OK).json()
    return event


def change_together(draft: Play, noor: httpx.Client) -> None:
    """Both members change some fields, for the history."""
    draft.save(Stage.EVENT_SETUP, {"endTime": "22:30"})
    draft.save(Stage.VENUE_SETUP, {"capacity": 340, "doorsTime": "18:30"})
    other = draft.of(noor)
    other.save(Stage.EVENT_SETUP, {"summary": "Thirty-four looks made of what was left over."})
    other.save(Stage.SPONSORS_MEDIA, {"hashtag": "#secondskin"})
    draft.save(Stage.ORGANIZER_SETUP, {"website": "https://okafor.example"})


def change_title(draft: Play, noor: httpx.Client) -> None:
    """The other member changes two fields."""
    texts = {
        "title": "Second Skin: Atelier Okafor Among the Palms",
        "summary": "Forty looks in forty minutes, shown between palms.",
    }
    draft.of(noor).save(Stage.EVENT_SETUP, texts)
