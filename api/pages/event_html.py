"""Renders the page of a published event and the preview of a draft."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from api.pages.event_page import EventPage, Missing, event_page
from api.pages.order_panel import order_panel, refresh_of
from api.pages.rendering import LegalLink, render
from api.pages.structured_data import structured_data
from api.pages.tier_rows import tier_rows
from domain.actors import Actor
from domain.orders.inventory import Stocks, initial_stocks
from domain.orders.order import HOLDING, Order
from domain.publishing.build_event import DraftPart, draft_event
from domain.publishing.event import Event
from domain.session.view import SessionView

_KEY_BYTES: Final = 24

_PREVIEW_POLICY: Final = (
    "default-src 'none'; img-src https: data: {origin} {media}; style-src {origin}; "
    "font-src {origin}; form-action 'none'; base-uri 'none'"
)
"""In the document, because the front end shows it by ``<iframe srcdoc>``, without its headers."""


@dataclass(frozen=True)
class PublicSite:
    """Where people reach the pages."""

    public_url: str
    """Without a slash at the end."""
    media_url: str
    """Of the server that serves ``/media``; without a slash at the end."""
    legal_links: Sequence[LegalLink] = ()

    def page_url(self, slug: str) -> str:
        return f"{self.public_url}/e/{slug}"

    @property
    def origin(self) -> str:
        return _origin_of(self.public_url)

    @property
    def media_origin(self) -> str:
        return _origin_of(self.media_url)


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Sales:
    """From which the state of each tier is derived."""

    stocks: Stocks
    now: datetime
    account_lost: bool = False


@dataclass(frozen=True)
class Notice:
    """Why an order was refused."""

    heading: str
    texts: list[str]


@dataclass(frozen=True)
class OrderForm:
    action: str
    key: str
    """Random, so that it gives access to the order, and repeats of the form find it."""
    is_inert: bool = False


def published_page(event: Event, sales: Sales, site: PublicSite) -> EventPage:
    return _page(event, sales, site, entered=None, missing=None)


def published_html(
    event: Event,
    sales: Sales,
    site: PublicSite,
    *,
    order: Order | None = None,
    forwards: bool = False,
    notice: Notice | None = None,
    entered: Mapping[str, str] | None = None,
    key: str | None = None,
) -> str:
    """
    Args:
        key: of the form; a new one if None.
        order: the visitor's.
        forwards: to the checkout of the order.
        notice: why an order was refused.
        entered: the fields of the refused form.
    """
    page = _page(event, sales, site, entered=entered, missing=None)
    takes_order = page.is_on_sale and (order is None or order.state not in HOLDING)
    return _html(
        page,
        site,
        order=order_panel(order, event) if order else None,
        refresh=refresh_of(order, event, forwards=forwards) if order else None,
        notice=notice,
        form=_form(event, key) if takes_order else None,
        structured_data=structured_data(
            event, page, sales.stocks, sales.now, account_lost=sales.account_lost
        ),
        calendar_url=f"/v1/public/events/{event.slug}.ics",
    )


def preview_html(view: SessionView, now: datetime, site: PublicSite) -> str:
    """The page of a draft. Its tiers are shown as they will be once they have prices at Stripe."""
    event, parts = draft_event(
        session_id=view.session_id,
        owner=Actor(user_id=view.user_id, organization_id=view.organization_id),
        sections={stage.section: shown.data for stage, shown in view.stages.items()},
        now=now,
    )
    missing = Missing(
        title=DraftPart.TITLE in parts,
        date=DraftPart.DATE in parts,
        venue=DraftPart.VENUE in parts,
    )
    tiers = [{**tier, "priceId": ""} for tier in event.ticket_tiers]
    event = event.model_copy(update={"ticket_tiers": tiers})
    sales = Sales(initial_stocks(event), now)
    return _html(
        _page(event, sales, site, entered=None, missing=missing),
        site,
        base=site.origin,
        policy=_PREVIEW_POLICY.format(origin=site.origin, media=site.media_origin),
        form=OrderForm(action=f"/e/{event.slug}/orders", key="", is_inert=True),
    )


def _page(
    event: Event,
    sales: Sales,
    site: PublicSite,
    *,
    entered: Mapping[str, str] | None,
    missing: Missing | None,
) -> EventPage:
    rows = tier_rows(
        event, sales.stocks, sales.now, account_lost=sales.account_lost, entered=entered
    )
    return event_page(
        event,
        rows,
        public_url=site.public_url,
        media_url=site.media_url,
        missing=missing,
    )


def _html(page: EventPage, site: PublicSite, **values: Any) -> str:
    absent = dict.fromkeys(
        ("order", "refresh", "notice", "policy", "structured_data", "calendar_url")
    )
    return render(
        "event.html",
        page=page,
        language=page.language,
        legal_links=site.legal_links,
        **{**absent, **values},
    )


def _form(event: Event, key: str | None) -> OrderForm:
    return OrderForm(action=f"/e/{event.slug}/orders", key=key or secrets.token_urlsafe(_KEY_BYTES))
