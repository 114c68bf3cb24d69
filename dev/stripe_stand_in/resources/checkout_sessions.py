"""Checkout sessions of purchases: https://docs.stripe.com/api/checkout/sessions."""

from typing import Final

from stripe.params.checkout import SessionRetrieveParams

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import new_id, unix_now
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint, World
from dev.stripe_stand_in.resources.amounts import require_chargeable
from dev.stripe_stand_in.resources.payment_links import completed_sessions, with_one_more_sale
from domain.json_values import JsonObject

SESSION: Final = "checkout.session"
_DAY_SECONDS: Final = 24 * 60 * 60


def retrieve(request: ApiRequest) -> JsonObject:
    return request.named_object(SESSION)


def is_for_sale(link: JsonObject) -> bool:
    restrictions = link["restrictions"]
    if restrictions and completed_sessions(link) >= restrictions["completed_sessions"]["limit"]:
        return False
    return bool(link["active"])


def chosen_amount(item: JsonObject, quantity: int, unit_amount: int | None) -> int:
    """The amount that the customer pays for the line item.

    Raises:
        ApiError: the link does not allow the quantity or the amount.
    """
    custom = item["price"]["custom_unit_amount"]
    if custom:
        amount = unit_amount or 0
        if not (custom["minimum"] or 0) <= amount <= (custom["maximum"] or amount):
            raise errors.invalid("This amount is not possible", "unit_amount")
        require_chargeable(amount, item["currency"], "unit_amount")
        return amount
    adjustable = item["adjustable_quantity"]
    least = max(adjustable["minimum"], 1) if adjustable else item["quantity"]
    most = adjustable["maximum"] if adjustable else item["quantity"]
    if not least <= quantity <= most:
        raise errors.invalid("This quantity is not possible", "quantity")
    amount = quantity * int(item["price"]["unit_amount"])
    require_chargeable(amount, item["currency"], "quantity")
    return amount


def complete(
    world: World, account: str, link: JsonObject, *, amount: int, email: str, name: str
) -> JsonObject:
    """Records the completed session of a purchase, and counts it for the link."""
    now = unix_now()
    free = amount == 0
    session = {
        "id": new_id("cs_test"),
        "object": SESSION,
        "amount_subtotal": amount,
        "amount_total": amount,
        "client_reference_id": None,
        "created": now,
        "currency": link["currency"],
        "customer": None,
        "customer_details": {"email": email, "name": name, "address": None, "phone": None},
        "customer_email": None,
        "expires_at": now + _DAY_SECONDS,
        "livemode": False,
        "metadata": link["metadata"],
        "mode": "payment",
        "payment_intent": None if free else new_id("pi"),
        "payment_link": link["id"],
        "payment_method_types": ["card"],
        "payment_status": "no_payment_required" if free else "paid",
        "status": "complete",
        "success_url": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted",
        "url": None,
    }
    world.store.put(account, session)
    world.store.put(account, with_one_more_sale(link))
    world.events.snapshot(account, "checkout.session.completed", session, None)
    return session


ENDPOINTS: Final = (Endpoint("GET", "/v1/checkout/sessions/{id}", SessionRetrieveParams, retrieve),)
