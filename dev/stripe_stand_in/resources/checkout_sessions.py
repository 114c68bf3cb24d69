"""Checkout sessions: https://docs.stripe.com/api/checkout/sessions."""

from collections.abc import Collection
from functools import partial
from typing import Final

from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionListLineItemsParams,
    SessionListParams,
    SessionRetrieveParams,
)

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import merged_metadata, require_url, unix_now
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.resources import line_items
from dev.stripe_stand_in.resources.accounts import require_cards
from dev.stripe_stand_in.resources.amounts import require_amount
from dev.stripe_stand_in.resources.checkout_flow import (
    COPIED,
    DAY_SECONDS,
    METHODS,
    NO_TAX,
    SESSION,
    expire_due,
    expire_now,
    new_session,
    require_open,
)
from dev.stripe_stand_in.resources.records import (
    SIMULATION,
    Records,
    list_all,
    list_line_items,
    retrieve,
    shown,
)
from dev.stripe_stand_in.state.store import PLATFORM
from domain.json_values import JsonObject

_SHORTEST_SECONDS: Final = 30 * 60
_MAX_ITEMS: Final = 100

_TAX: Final = {
    "enabled": True,
    "liability": {"type": "self"},
    "provider": "stripe",
    "status": "requires_location_inputs",
}


def create(request: ApiRequest) -> JsonObject:
    arguments, account = request.arguments, request.account
    _require_payment_mode(arguments)
    if "success_url" not in arguments:
        raise errors.missing_parameter("success_url")
    for name in ("success_url", "cancel_url"):
        require_url(arguments.get(name), name)
    require_cards(request.store, account, "Checkout Session")
    given = {name: arguments[name] for name in COPIED if name in arguments}
    session = new_session(
        request.world,
        line_items.read(request, _MAX_ITEMS),
        **given,
        automatic_tax=_automatic_tax(request),
        expires_at=_expires_at(arguments.get("expires_at")),
        metadata=merged_metadata({}, arguments.get("metadata", {})),
        payment_method_types=_methods(arguments.get("allowed_payment_method_types", METHODS)),
    )
    session[SIMULATION]["payment_intent_data"] = _payment_intent_data(request, session)
    response = shown(request, session)
    line_items.save_inline(request, session["line_items"])
    request.store.put(account, session)
    token = session["url"].rpartition("/")[2]
    request.store.keep("payment_pages", token, (account, session["id"]))
    return response


def expire(request: ApiRequest) -> JsonObject:
    expire_due(request.world)
    session = request.named_object(SESSION)
    require_open(session, "expired")
    response = {**shown(request, session), "status": "expired", "url": None}
    expire_now(Records.of(request), session)
    return response


def _require_payment_mode(arguments: JsonObject) -> None:
    if "mode" not in arguments:
        raise errors.missing_parameter("mode")
    if arguments["mode"] != "payment":
        raise errors.not_modelled(f"mode={arguments['mode']}")


def _methods(allowed: Collection[str]) -> list[str]:
    methods = [method for method in METHODS if method in allowed]
    if not methods:
        raise errors.invalid("No valid payment method types", "allowed_payment_method_types")
    return methods


def _expires_at(given: int | None) -> int:
    now = unix_now()
    if given is None:
        return now + DAY_SECONDS
    if given < now + _SHORTEST_SECONDS:
        limit = "at least 30 minutes"
    elif given >= now + DAY_SECONDS:
        limit = "less than 24 hours"
    else:
        return given
    raise errors.invalid(
        f"The `expires_at` timestamp must be {limit} from Checkout Session creation.", "expires_at"
    )


def _automatic_tax(request: ApiRequest) -> JsonObject:
    if not request.arguments.get("automatic_tax", {}).get("enabled"):
        return NO_TAX
    if request.account not in request.store.tax_accounts:
        raise errors.invalid(
            "Stripe Tax has not been activated on your account. Please visit "
            "https://stripe.com/docs/tax/set-up to get started.",
            "automatic_tax",
        )
    return _TAX


def _payment_intent_data(request: ApiRequest, session: JsonObject) -> JsonObject:
    """https://docs.stripe.com/connect/direct-charges: a fee must be positive, and less than the
    amount."""
    given: JsonObject = request.arguments.get("payment_intent_data", {})
    fee, total = given.get("application_fee_amount"), session["amount_total"]
    param = "payment_intent_data[application_fee_amount]"
    if fee is not None and request.account == PLATFORM:
        raise errors.invalid("Can only apply an application_fee_amount to a direct payment.", param)
    if fee is not None and not 1 <= fee < total:
        raise errors.invalid_integer(
            f"This value must be positive and less than the amount of the charge ({total}).", param
        )
    if fee is not None:
        require_amount(fee, session["currency"], param)
    return {**given, "metadata": merged_metadata({}, given.get("metadata", {}))}


def _retrieve(request: ApiRequest) -> JsonObject:
    expire_due(request.world)
    return retrieve(request, SESSION)


def _list(request: ApiRequest) -> JsonObject:
    expire_due(request.world)
    return list_all(request, SESSION, _FILTERS)


_FILTERS: Final = ("created", "payment_intent", "payment_link", "status")
_PATH: Final = "/v1/checkout/sessions"
_CREATE: Final = f"""
{" ".join(COPIED)} automatic_tax.enabled expand expires_at metadata mode
line_items.price line_items.quantity line_items.price_data.currency
line_items.price_data.product line_items.price_data.product_data.description
line_items.price_data.product_data.metadata line_items.price_data.product_data.name
line_items.price_data.unit_amount payment_intent_data.application_fee_amount
payment_intent_data.description payment_intent_data.metadata
"""

ENDPOINTS: Final = (
    Endpoint("POST", _PATH, SessionCreateParams, create, _CREATE),
    Endpoint("GET", _PATH, SessionListParams, _list, f"expand {' '.join(_FILTERS)}"),
    Endpoint("GET", f"{_PATH}/{{id}}", SessionRetrieveParams, _retrieve, "expand"),
    Endpoint("POST", f"{_PATH}/{{id}}/expire", SessionExpireParams, expire, "expand"),
    Endpoint(
        "GET",
        f"{_PATH}/{{id}}/line_items",
        SessionListLineItemsParams,
        partial(list_line_items, kind=SESSION),
    ),
)
