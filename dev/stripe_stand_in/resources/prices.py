"""One-time prices: https://docs.stripe.com/api/prices.

A price may be below the minimum charge, which is checked when a payment link is created.
"""

from functools import partial
from typing import Final

from stripe.params import PriceCreateParams, PriceListParams, PriceRetrieveParams, PriceUpdateParams

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import (
    merged_metadata,
    new_id,
    unix_now,
    with_changes,
)
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.protocol.errors import parameter_path
from dev.stripe_stand_in.resources.amounts import (
    read_currency,
    require_amount,
    require_chargeable,
)
from dev.stripe_stand_in.resources.products import PRODUCT
from dev.stripe_stand_in.resources.records import Records, list_all, retrieve, shown
from domain.json_values import JsonObject

PRICE: Final = "price"
_MAX_LOOKUP_KEYS: Final = 10
_FILTERS: Final = ("active", "created", "currency", "product", "type")


def create(request: ApiRequest) -> JsonObject:
    _require_product(request)
    price = new_price(request.arguments)
    response = shown(request, price)
    _claim_lookup_key(request, price)
    Records.of(request).create(price, "price.created")
    return response


def new_price(arguments: JsonObject, at: str = "") -> JsonObject:
    """``at`` is the name of the arguments in errors.

    Raises:
        ApiError: the arguments make no price.
    """
    currency = read_currency(arguments["currency"])
    return {
        "id": new_id("price"),
        "object": PRICE,
        "active": arguments.get("active", True),
        "billing_scheme": "per_unit",
        "created": unix_now(),
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": arguments.get("lookup_key"),
        "metadata": merged_metadata({}, arguments.get("metadata", {})),
        "nickname": arguments.get("nickname"),
        "product": arguments["product"],
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": None,
        "unit_amount_decimal": None,
        **_amount(arguments, currency, at),
    }


def update(request: ApiRequest) -> JsonObject:
    before = request.named_object(PRICE)
    after = with_changes(before, request.arguments)
    response = shown(request, after)
    if before != after:
        _claim_lookup_key(request, after)
        _save(request, before, after)
    return response


def list_prices(request: ApiRequest) -> JsonObject:
    keys = request.arguments.get("lookup_keys")
    if keys and len(keys) > _MAX_LOOKUP_KEYS:
        raise errors.invalid(f"You can specify up to {_MAX_LOOKUP_KEYS} lookup keys", "lookup_keys")
    return list_all(
        request, PRICE, _FILTERS, lambda price: keys is None or price["lookup_key"] in keys
    )


def _require_product(request: ApiRequest) -> None:
    name = request.arguments.get("product")
    if name is None:
        raise errors.missing_parameter("product")
    if not request.store.find(request.account, PRODUCT, name):
        raise errors.missing_reference(PRODUCT, name, "product")


def _amount(arguments: JsonObject, currency: str, at: str) -> JsonObject:
    """The amount: either fixed, or chosen by the customer."""
    if "unit_amount" in arguments and "custom_unit_amount" in arguments:
        raise errors.exclusive("unit_amount", "custom_unit_amount")
    if "custom_unit_amount" in arguments:
        return {"custom_unit_amount": _custom(arguments["custom_unit_amount"], currency)}
    if "unit_amount" not in arguments:
        raise errors.missing_parameter(parameter_path(at, "unit_amount"))
    amount = arguments["unit_amount"]
    require_amount(amount, currency, parameter_path(at, "unit_amount"))
    return {"unit_amount": amount, "unit_amount_decimal": str(amount)}


def _custom(given: JsonObject, currency: str) -> JsonObject:
    if not given["enabled"]:
        raise errors.invalid("enabled must be true", "custom_unit_amount[enabled]")
    bounds: JsonObject = {name: given.get(name) for name in ("maximum", "minimum", "preset")}
    for name, amount in bounds.items():
        if amount is not None:
            require_chargeable(amount, currency, f"custom_unit_amount[{name}]")
    stated = [bounds[name] for name in ("minimum", "preset", "maximum") if bounds[name] is not None]
    if stated != sorted(stated):
        raise errors.invalid(
            "minimum, preset and maximum must be in ascending order", "custom_unit_amount"
        )
    return bounds


def _claim_lookup_key(request: ApiRequest, price: JsonObject) -> None:
    """Gives the lookup key to the price. Only one price of an account, active or not, has it."""
    key = price["lookup_key"]
    if key is None:
        return
    for holder in request.store.newest_first(request.account, PRICE):
        if holder["lookup_key"] == key and holder["id"] != price["id"]:
            if not request.arguments.get("transfer_lookup_key"):
                raise errors.invalid(
                    f"A price (`{holder['id']}`) already uses that lookup key.", "lookup_key"
                )
            _save(request, holder, {**holder, "lookup_key": None})


def _save(request: ApiRequest, before: JsonObject, after: JsonObject) -> None:
    Records.of(request).change(before, after, "price.updated")


_SETTINGS: Final = "active expand lookup_key metadata nickname transfer_lookup_key"

ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/v1/prices",
        PriceCreateParams,
        create,
        f"currency custom_unit_amount product unit_amount {_SETTINGS}",
    ),
    Endpoint(
        "GET",
        "/v1/prices",
        PriceListParams,
        list_prices,
        f"expand lookup_keys {' '.join(_FILTERS)}",
    ),
    Endpoint(
        "GET",
        "/v1/prices/{id}",
        PriceRetrieveParams,
        partial(retrieve, kind=PRICE),
        "expand",
    ),
    Endpoint("POST", "/v1/prices/{id}", PriceUpdateParams, update, _SETTINGS),
)
