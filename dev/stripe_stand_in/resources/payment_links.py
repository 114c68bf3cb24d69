"""Payment links: https://docs.stripe.com/api/payment-link."""

import secrets
from functools import partial
from typing import Any, Final

from stripe.params import (
    PaymentLinkCreateParams,
    PaymentLinkLineItemListParams,
    PaymentLinkListParams,
    PaymentLinkRetrieveParams,
    PaymentLinkUpdateParams,
)

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import merged_metadata, new_id, with_changes
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.resources import line_items
from dev.stripe_stand_in.resources.accounts import require_cards
from dev.stripe_stand_in.resources.checkout_flow import PAGE_PATH, complete, new_session
from dev.stripe_stand_in.resources.records import (
    Records,
    list_line_items,
    read_endpoints,
    shown,
)
from domain.json_values import JsonObject

PAYMENT_LINK: Final = "payment_link"
_MAX_ITEMS: Final = 20


def create(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    items = line_items.read(request, _MAX_ITEMS)
    require_cards(request.store, request.account, "Payment Link")
    token = f"test_{secrets.token_hex(12)}"
    link = {
        "id": new_id("plink"),
        "object": PAYMENT_LINK,
        "active": True,
        "currency": items[0]["currency"],
        "inactive_message": arguments.get("inactive_message"),
        "livemode": False,
        "metadata": merged_metadata({}, arguments.get("metadata", {})),
        "restrictions": _restrictions(arguments.get("restrictions"), completed=0),
        "url": f"{request.world.base_url}{PAGE_PATH}/{token}",
        "line_items": items,
    }
    response = shown(request, link)
    line_items.save_inline(request, items)
    request.store.keep("payment_pages", token, (request.account, link["id"]))
    Records.of(request).create(link, "payment_link.created")
    return response


def update(request: ApiRequest) -> JsonObject:
    before = request.named_object(PAYMENT_LINK)
    after = with_changes(before, request.arguments)
    if "restrictions" in request.arguments:
        completed = _completed_sessions(before)
        after["restrictions"] = _restrictions(request.arguments["restrictions"], completed)
    response = shown(request, after)
    Records.of(request).change(before, after, "payment_link.updated")
    return response


def is_for_sale(link: JsonObject) -> bool:
    restrictions = link["restrictions"]
    if restrictions and _completed_sessions(link) >= restrictions["completed_sessions"]["limit"]:
        return False
    return bool(link["active"])


def sell(records: Records, link: JsonObject, **choices: Any) -> JsonObject:
    """Sells the line items in a checkout session, and counts it for the link.

    Raises:
        ApiError: the link does not allow the choices.
    """
    session = new_session(
        records.world, link["line_items"], metadata=link["metadata"], payment_link=link["id"]
    )
    completed = complete(records, session, **choices)
    counted = _restrictions(link["restrictions"], _completed_sessions(link) + 1)
    records.put({**link, "restrictions": counted})
    return completed


def _completed_sessions(link: JsonObject) -> int:
    restrictions = link["restrictions"]
    return restrictions["completed_sessions"]["count"] if restrictions else 0


def _restrictions(given: Any, completed: int) -> JsonObject | None:
    if not given:
        return None
    limit = given["completed_sessions"]["limit"]
    if limit < 1:
        raise errors.invalid_integer(
            "This value must be greater than or equal to 1.",
            "restrictions[completed_sessions][limit]",
        )
    return {"completed_sessions": {"count": completed, "limit": limit}}


_PATH: Final = "/v1/payment_links"
_SETTINGS: Final = "expand inactive_message metadata restrictions"
_ITEMS: Final = "line_items.adjustable_quantity line_items.price line_items.quantity"

ENDPOINTS: Final = (
    Endpoint("POST", _PATH, PaymentLinkCreateParams, create, f"{_ITEMS} {_SETTINGS}"),
    *read_endpoints(
        _PATH, PAYMENT_LINK, PaymentLinkListParams, PaymentLinkRetrieveParams, "active"
    ),
    Endpoint("POST", f"{_PATH}/{{id}}", PaymentLinkUpdateParams, update, f"active {_SETTINGS}"),
    Endpoint(
        "GET",
        f"{_PATH}/{{id}}/line_items",
        PaymentLinkLineItemListParams,
        partial(list_line_items, kind=PAYMENT_LINK),
    ),
)
