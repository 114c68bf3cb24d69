"""Payment links: https://docs.stripe.com/api/payment-link."""

import secrets
from typing import Any, Final

from stripe.params import (
    PaymentLinkCreateParams,
    PaymentLinkLineItemListParams,
    PaymentLinkListParams,
    PaymentLinkRetrieveParams,
    PaymentLinkUpdateParams,
)

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import (
    merged_metadata,
    new_id,
    previous_attributes,
    requested_expansions,
    with_changes,
)
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.protocol.pagination import page_v1
from dev.stripe_stand_in.resources.accounts import can_take_cards
from dev.stripe_stand_in.resources.line_items import read_line_items
from dev.stripe_stand_in.state.store import PLATFORM
from domain.json_values import JsonObject

PAYMENT_LINK: Final = "payment_link"
PAGE_PATH: Final = "/buy"
_EXPANDABLE: Final = ("line_items",)

_COMPLETION: Final[JsonObject] = {
    "type": "hosted_confirmation",
    "hosted_confirmation": {"custom_message": None},
}


def create(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    items = read_line_items(request)
    _require_cards(request)
    expand = requested_expansions(arguments, _EXPANDABLE)
    token = f"test_{secrets.token_hex(12)}"
    link = {
        "id": new_id("plink"),
        "object": PAYMENT_LINK,
        "active": True,
        "after_completion": arguments.get("after_completion", _COMPLETION),
        "currency": items[0]["currency"],
        "inactive_message": arguments.get("inactive_message"),
        "livemode": False,
        "metadata": merged_metadata({}, arguments.get("metadata", {})),
        "restrictions": _restrictions(arguments.get("restrictions"), completed=0),
        "url": f"{request.world.base_url}{PAGE_PATH}/{token}",
        "line_items": items,
    }
    request.store.put(request.account, link)
    request.store.payment_pages[token] = (request.account, link["id"])
    request.world.events.snapshot(
        request.account, "payment_link.created", public_view(link), request.raw
    )
    return public_view(link, expand)


def retrieve(request: ApiRequest) -> JsonObject:
    link = request.named_object(PAYMENT_LINK)
    return public_view(link, requested_expansions(request.arguments, _EXPANDABLE))


def update(request: ApiRequest) -> JsonObject:
    before = request.named_object(PAYMENT_LINK)
    expand = requested_expansions(request.arguments, _EXPANDABLE)
    after = with_changes(before, request.arguments)
    if "restrictions" in request.arguments:
        completed = completed_sessions(before)
        after["restrictions"] = _restrictions(request.arguments["restrictions"], completed)
    if before != after:
        request.store.put(request.account, after)
        request.world.events.snapshot(
            request.account,
            "payment_link.updated",
            public_view(after),
            request.raw,
            previous_attributes(before, after),
        )
    return public_view(after, expand)


def list_payment_links(request: ApiRequest) -> JsonObject:
    expand = requested_expansions(request.arguments, _EXPANDABLE)
    links = [
        public_view(link, expand)
        for link in request.store.newest_first(request.account, PAYMENT_LINK)
        if request.arguments.get("active") in {None, link["active"]}
    ]
    return page_v1(links, request.arguments, request.raw.path)


def list_line_items(request: ApiRequest) -> JsonObject:
    link = request.named_object(PAYMENT_LINK)
    return page_v1(link["line_items"], request.arguments, request.raw.path)


def public_view(link: JsonObject, expand: set[str] | None = None) -> JsonObject:
    """The link in a response, without its line items unless they are expanded."""
    visible = {name: value for name, value in link.items() if name != "line_items"}
    if expand and "line_items" in expand:
        url = f"/v1/payment_links/{link['id']}/line_items"
        visible["line_items"] = page_v1(link["line_items"], {"limit": 100}, url)
    return visible


def completed_sessions(link: JsonObject) -> int:
    restrictions = link["restrictions"]
    return restrictions["completed_sessions"]["count"] if restrictions else 0


def with_one_more_sale(link: JsonObject) -> JsonObject:
    restrictions = link["restrictions"]
    return {**link, "restrictions": _restrictions(restrictions, completed_sessions(link) + 1)}


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


def _require_cards(request: ApiRequest) -> None:
    if request.account != PLATFORM and not can_take_cards(request.store, request.account):
        raise errors.ApiError(
            "No valid payment method types for this Payment Link. Please ensure that you have "
            "activated payment methods compatible with your chosen currency in your dashboard."
        )


_PATH: Final = "/v1/payment_links"
_SETTINGS: Final = "after_completion expand inactive_message metadata restrictions"
_ITEMS: Final = "line_items.adjustable_quantity line_items.price line_items.quantity"

ENDPOINTS: Final = (
    Endpoint("POST", _PATH, PaymentLinkCreateParams, create, f"{_ITEMS} {_SETTINGS}"),
    Endpoint("GET", _PATH, PaymentLinkListParams, list_payment_links, "active expand"),
    Endpoint("GET", f"{_PATH}/{{id}}", PaymentLinkRetrieveParams, retrieve, "expand"),
    Endpoint("POST", f"{_PATH}/{{id}}", PaymentLinkUpdateParams, update, f"active {_SETTINGS}"),
    Endpoint("GET", f"{_PATH}/{{id}}/line_items", PaymentLinkLineItemListParams, list_line_items),
)
