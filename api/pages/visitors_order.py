"""The cookie by which a browser finds its unpaid order of an event again.

It has the id of the order, nothing about the visitor, and is sent to the page of this event alone.
It ends with the time in which the order can be paid.
"""

from datetime import datetime
from math import ceil
from typing import Final

from fastapi import Request, Response

from api.pages.event_html import PublicSite
from domain.ids import canonical_id
from domain.orders.order import Order, OrderState

_COOKIE: Final = "order"

_UNPAID: Final = frozenset({OrderState.HELD, OrderState.OPEN})
"""Not while a payment takes days: then its buyer may order again."""


def is_unpaid(order: Order) -> bool:
    return order.state in _UNPAID


def remember(response: Response, order: Order, slug: str, site: PublicSite, now: datetime) -> None:
    """Sets the cookie; or deletes it, if the order is no longer unpaid."""
    seconds = ceil((order.expires_at - now).total_seconds()) if is_unpaid(order) else 0
    response.set_cookie(
        _COOKIE,
        order.order_id,
        max_age=max(0, seconds),
        path=f"/e/{slug}",
        secure=site.origin.startswith("https:"),
        httponly=True,
        samesite="lax",  # it is sent on the way back from the checkout, which is another site
    )


def remembered_id(request: Request) -> str | None:
    """The id of the order that the browser has begun, if any; it need not exist."""
    return canonical_id(request.cookies.get(_COOKIE, ""))
