"""The line items of payment links."""

from typing import Any, Final

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import new_id
from dev.stripe_stand_in.protocol.endpoints import ApiRequest
from dev.stripe_stand_in.protocol.errors import parameter_path
from dev.stripe_stand_in.resources.amounts import require_chargeable
from dev.stripe_stand_in.resources.prices import PRICE
from dev.stripe_stand_in.resources.products import PRODUCT
from domain.json_values import JsonObject

_MAX_ITEMS: Final = 20
_MAX_ADJUSTABLE: Final = 999_999
_DEFAULT_MAX_ADJUSTABLE: Final = 99


def read_line_items(request: ApiRequest) -> list[JsonObject]:
    """Reads the line items of a new payment link.

    Raises:
        ApiError: an item cannot be sold, or the items cannot be sold together.
    """
    given: list[JsonObject] = request.arguments["line_items"]
    if not 1 <= len(given) <= _MAX_ITEMS:
        raise errors.invalid(f"line_items takes 1 to {_MAX_ITEMS} items", "line_items")
    items = [
        _read(request, item, parameter_path("line_items", index))
        for index, item in enumerate(given)
    ]
    if len({item["currency"] for item in items}) > 1:
        raise errors.invalid("All prices on a payment link must have one currency", "line_items")
    if any(item["price"]["custom_unit_amount"] for item in items):
        _require_alone(items)
    else:
        total = sum(item["amount_total"] for item in items)
        require_chargeable(total, items[0]["currency"], "line_items")
    return items


def _read(request: ApiRequest, given: JsonObject, at: str) -> JsonObject:
    if "price" not in given:
        raise errors.missing_parameter(parameter_path(at, "price"))
    price, product = _sold(request, given["price"], parameter_path(at, "price"))
    quantity = given["quantity"]
    if quantity < 1:
        raise errors.invalid_integer(
            "This value must be greater than or equal to 1.", parameter_path(at, "quantity")
        )
    amount = (price["unit_amount"] or 0) * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": _adjustable(given.get("adjustable_quantity"), quantity, at),
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "price": price,
        "quantity": quantity,
    }


def _sold(request: ApiRequest, name: str, param: str) -> tuple[JsonObject, JsonObject]:
    price = request.store.find(request.account, PRICE, name)
    if price is None:
        raise errors.missing_reference(PRICE, name, param)
    if not price["active"]:
        raise errors.invalid(
            "The price specified is inactive. This field only accepts active prices.", param
        )
    product = request.store.get(request.account, PRODUCT, price["product"])
    if not product["active"]:
        raise errors.invalid(
            f"Price `{name}` is not available to be purchased because its product is not active.",
            param,
        )
    return price, product


def _adjustable(given: JsonObject | None, quantity: int, at: str) -> JsonObject | None:
    if given is None or not given["enabled"]:
        return None
    minimum, maximum = given.get("minimum", 0), given.get("maximum", _DEFAULT_MAX_ADJUSTABLE)
    within = parameter_path(at, "adjustable_quantity")
    if not 0 <= minimum <= maximum <= _MAX_ADJUSTABLE:
        raise errors.invalid_integer(
            f"minimum and maximum must be in order and between 0 and {_MAX_ADJUSTABLE}", within
        )
    if not minimum <= quantity <= maximum:
        raise errors.invalid("The quantity must be between minimum and maximum", within)
    return {"enabled": True, "minimum": minimum, "maximum": maximum}


def _require_alone(items: list[Any]) -> None:
    """A price that the customer chooses must be the only item, with quantity 1: see "Let customers
    decide what to pay" in Stripe's documentation of payment links."""
    (first, *others) = items
    if others or first["quantity"] != 1 or first["adjustable_quantity"]:
        raise errors.invalid(
            "A price with custom_unit_amount must be the only line item, with a quantity of 1 that "
            "cannot be adjusted",
            "line_items",
        )
