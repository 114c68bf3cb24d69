"""The line items of checkout sessions and payment links, and their amounts."""

from typing import Final

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import new_id
from dev.stripe_stand_in.protocol.endpoints import ApiRequest
from dev.stripe_stand_in.protocol.errors import parameter_path
from dev.stripe_stand_in.resources.amounts import require_chargeable
from dev.stripe_stand_in.resources.prices import PRICE, new_price
from dev.stripe_stand_in.resources.products import PRODUCT, new_product
from dev.stripe_stand_in.resources.records import SIMULATION
from domain.json_values import JsonObject
from domain.values import money

_MAX_ADJUSTABLE: Final = 999_999
_DEFAULT_MAX_ADJUSTABLE: Final = 99

_TAX_PERCENT: Final = 20
"""Stripe calculates the tax from the buyer's address; the stand-in always adds this."""


def read(request: ApiRequest, most: int) -> list[JsonObject]:
    """Reads the line items of a new payment link or checkout session.

    Raises:
        ApiError: an item cannot be sold, or the items cannot be sold together.
    """
    given: list[JsonObject] = request.arguments.get("line_items", [])
    if not 1 <= len(given) <= most:
        raise errors.invalid(f"line_items takes 1 to {most} items", "line_items")
    items = [
        _read(request, item, parameter_path("line_items", index))
        for index, item in enumerate(given)
    ]
    if len({item["currency"] for item in items}) > 1:
        raise errors.invalid("All prices must have the same currency", "line_items")
    if any(item["price"]["custom_unit_amount"] for item in items):
        _require_alone(items)
    else:
        require_chargeable_total(items)
    return items


def save_inline(request: ApiRequest, items: list[JsonObject]) -> None:
    """Stores the prices and products that ``price_data`` described."""
    for item in items:
        for obj in item.pop(SIMULATION)["sold"]:
            if request.store.find(request.account, obj["object"], obj["id"]) is None:
                request.store.put(request.account, obj)


def with_totals(items: list[JsonObject]) -> JsonObject:
    """The attributes of a checkout session with these line items."""

    def total(name: str) -> int:
        return sum(item[name] for item in items)

    return {
        "amount_subtotal": total("amount_subtotal"),
        "amount_total": total("amount_total"),
        "line_items": items,
        "total_details": {
            "amount_discount": total("amount_discount"),
            "amount_shipping": 0,
            "amount_tax": total("amount_tax"),
        },
    }


def require_chargeable_total(items: list[JsonObject]) -> None:
    """
    Raises:
        ApiError: the items cost something, but Stripe cannot charge their total.
    """
    total = sum(item["amount_total"] for item in items)
    require_chargeable(total, items[0]["currency"], "line_items")


def chosen(
    items: list[JsonObject], *, quantity: int | None = None, unit_amount: int | None = None
) -> list[JsonObject]:
    """The items with the buyer's choice of the first one's quantity or amount, if it has one.

    Raises:
        ApiError: the quantity or the amount is not possible.
    """
    first, *others = items
    custom, adjustable = first["price"]["custom_unit_amount"], first["adjustable_quantity"]
    if custom:
        amount = unit_amount or 0
        if not (custom["minimum"] or 0) <= amount <= (custom["maximum"] or amount):
            raise errors.invalid("This amount is not allowed", "unit_amount")
        return [_priced(first, amount), *others]
    if quantity is None:
        return items
    least = max(adjustable["minimum"], 1) if adjustable else first["quantity"]
    most = adjustable["maximum"] if adjustable else first["quantity"]
    if not least <= quantity <= most:
        raise errors.invalid("This quantity is not allowed", "quantity")
    first = {**first, "quantity": quantity}
    return [_priced(first, quantity * int(first["price"]["unit_amount"])), *others]


def reduced(items: list[JsonObject], discount: int, *, is_taxed: bool) -> list[JsonObject]:
    """The items with a discount, taken from the first ones first, and with tax on the rest."""
    final = []
    for item in items:
        taken = min(discount, item["amount_subtotal"])
        discount -= taken
        net = item["amount_subtotal"] - taken
        step = money.currency(item["currency"]).step
        tax = net * _TAX_PERCENT // 100 // step * step if is_taxed else 0
        amounts = {"amount_discount": taken, "amount_tax": tax, "amount_total": net + tax}
        final.append({**item, **amounts})
    return final


def _read(request: ApiRequest, given: JsonObject, at: str) -> JsonObject:
    if ("price" in given) == ("price_data" in given):
        raise errors.missing_parameter(parameter_path(at, "price"))
    if "price" in given:
        price, product = _sold(request, given["price"], parameter_path(at, "price"))
    else:
        price, product = _inline(request, given["price_data"], parameter_path(at, "price_data"))
    if "quantity" not in given:
        raise errors.missing_parameter(parameter_path(at, "quantity"))
    quantity = given["quantity"]
    if quantity < 1:
        raise errors.invalid_integer(
            "This value must be greater than or equal to 1.", parameter_path(at, "quantity")
        )
    item = {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": _adjustable(given.get("adjustable_quantity"), quantity, at),
        "amount_discount": 0,
        "amount_tax": 0,
        "currency": price["currency"],
        "description": product["name"],
        "price": price,
        "quantity": quantity,
        SIMULATION: {"sold": (price, product)},
    }
    return _priced(item, (price["unit_amount"] or 0) * quantity)


def _priced(item: JsonObject, amount: int) -> JsonObject:
    return {**item, "amount_subtotal": amount, "amount_total": amount}


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


def _inline(request: ApiRequest, given: JsonObject, at: str) -> tuple[JsonObject, JsonObject]:
    """The price of ``price_data``, and its product. New ones are inactive: for this sale only."""
    if ("product" in given) == ("product_data" in given):
        raise errors.exclusive(parameter_path(at, "product"), parameter_path(at, "product_data"))
    if "product" in given:
        product = request.store.find(request.account, PRODUCT, given["product"])
        if product is None:
            raise errors.missing_reference(PRODUCT, given["product"], parameter_path(at, "product"))
    else:
        product = new_product({**given["product_data"], "active": False})
    return new_price({**given, "product": product["id"], "active": False}, at), product


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


def _require_alone(items: list[JsonObject]) -> None:
    """A price that the customer chooses must be the only item, with quantity 1: see "Let customers
    decide what to pay" in Stripe's documentation of payment links."""
    (first, *others) = items
    if others or first["quantity"] != 1 or first["adjustable_quantity"]:
        raise errors.invalid(
            "A price with custom_unit_amount must be the only line item, with a quantity of 1 that "
            "cannot be adjusted",
            "line_items",
        )
