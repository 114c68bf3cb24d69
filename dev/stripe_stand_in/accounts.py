"""Accounts v2: https://docs.stripe.com/api/v2/core/accounts.

An account is the platform's object. All its parts are kept; only those asked for are shown.
"""

from collections.abc import Sequence
from typing import Final

from stripe.params.v2.core import (
    AccountCreateParams,
    AccountListParams,
    AccountRetrieveParams,
    AccountUpdateParams,
)

from dev.stripe_stand_in import errors
from dev.stripe_stand_in.account_state import (
    BALANCE,
    PAYOUTS,
    AccountState,
    capabilities_in,
    requirements_in,
)
from dev.stripe_stand_in.attributes import merged_metadata
from dev.stripe_stand_in.calls import PLATFORM
from dev.stripe_stand_in.endpoints import ApiRequest, Endpoint, World
from dev.stripe_stand_in.identifiers import new_account_id, rfc3339_now
from dev.stripe_stand_in.listing import page_v2
from dev.stripe_stand_in.store import ACCOUNT, Store
from domain.json_values import JsonObject

_PARTS: Final = ("defaults", "future_requirements", "identity", "requirements")
_CONFIGURATION: Final = "configuration."
_INCLUDABLE: Final = (*_PARTS, f"{_CONFIGURATION}merchant")
_PLAIN: Final = ("contact_email", "contact_phone", "dashboard", "display_name")

# What the rest follows from; never shown.
_NOTES: Final = "stand_in"

CAPABILITY_UPDATED: Final = "v2.core.account[configuration.merchant].capability_status_updated"
REQUIREMENTS_UPDATED: Final = "v2.core.account[requirements].updated"
ACCOUNT_UPDATED: Final = "v2.core.account.updated"
ACCOUNT_CREATED: Final = "v2.core.account.created"


def create(request: ApiRequest) -> JsonObject:
    _require_merchant_only(request.arguments)
    empty: JsonObject = {
        "id": new_account_id(),
        "object": ACCOUNT,
        "applied_configurations": [],
        "closed": False,
        "configuration": {},
        "created": rfc3339_now(),
        "defaults": _no_defaults(),
        "future_requirements": requirements_in(AccountState.READY, ()),
        "identity": {"country": None, "entity_type": None},
        "livemode": False,
        "metadata": {},
        "requirements": requirements_in(AccountState.READY, ()),
        **dict.fromkeys(_PLAIN, None),
        _NOTES: {"state": AccountState.NEW, "requested": [], "due": None},
    }
    account = _with_arguments(empty, request.arguments)
    request.store.put(PLATFORM, account)
    request.world.events.thin(ACCOUNT_CREATED, account["id"], request.call)
    return _shown(account, request.arguments.get("include", ()))


def retrieve(request: ApiRequest) -> JsonObject:
    return _shown(_named(request), request.arguments.get("include", ()))


def update(request: ApiRequest) -> JsonObject:
    _require_merchant_only(request.arguments)
    before = _named(request)
    after = _with_arguments(before, request.arguments)
    if before != after:
        request.store.put(PLATFORM, after)
        request.world.events.thin(ACCOUNT_UPDATED, after["id"], request.call)
    return _shown(after, request.arguments.get("include", ()))


def list_accounts(request: ApiRequest) -> JsonObject:
    wanted = request.arguments.get("applied_configurations", ())
    accounts = [
        _shown(each, ())
        for each in request.store.newest_first(PLATFORM, ACCOUNT)
        if set(wanted) <= set(each["applied_configurations"])
    ]
    return page_v2(accounts, request.arguments, request.call.path)


def move(
    world: World, account_id: str, state: AccountState, due: Sequence[str] | None = None
) -> JsonObject:
    """What an account's own doing, or Stripe's checks, bring about; with the events of it.

    ``due``: the requirements, where they are not the usual ones of this state.

    Raises:
        Refusal: there is no such account.
    """
    before = world.store.get(PLATFORM, ACCOUNT, account_id)
    notes = {**before[_NOTES], "state": state, "due": due}
    after = _settled({**before, _NOTES: notes})
    world.store.put(PLATFORM, after)
    for capability in _changed_capabilities(before, after):
        world.events.thin(CAPABILITY_UPDATED, account_id, None, {"updated_capability": capability})
    world.events.thin(REQUIREMENTS_UPDATED, account_id, None)
    world.events.thin(ACCOUNT_UPDATED, account_id, None)
    return _shown(after, _INCLUDABLE)


def can_take_cards(store: Store, account_id: str) -> bool:
    account = store.get(PLATFORM, ACCOUNT, account_id)
    cards = _capabilities(account).get("card_payments", {})
    return bool(cards.get("status") == "active")


def _named(request: ApiRequest) -> JsonObject:
    """A connected account sees itself alone."""
    name = request.ids["id"]
    if request.account not in {PLATFORM, name}:
        raise errors.not_found(ACCOUNT, name)
    return request.store.get(PLATFORM, ACCOUNT, name)


def _no_defaults() -> JsonObject:
    return {
        "currency": None,
        "locales": [],
        "profile": {"business_url": None, "doing_business_as": None, "product_description": None},
        "responsibilities": {
            "fees_collector": None,
            "losses_collector": None,
            "requirements_collector": "stripe",
        },
    }


def _require_merchant_only(arguments: JsonObject) -> None:
    for name in arguments.get("configuration", {}):
        if name != "merchant":
            raise errors.not_modelled(f"configuration[{name}]")


def _with_arguments(account: JsonObject, arguments: JsonObject) -> JsonObject:
    plain: JsonObject = {name: arguments[name] for name in _PLAIN if name in arguments}
    changed: JsonObject = {
        **account,
        **plain,
        "defaults": _merged(account["defaults"], arguments.get("defaults", {})),
        "identity": _merged(account["identity"], arguments.get("identity", {})),
        "metadata": merged_metadata(account["metadata"], arguments.get("metadata", {})),
    }
    merchant = arguments.get("configuration", {}).get("merchant")
    return changed if merchant is None else _settled(_with_merchant(changed, merchant))


def _with_merchant(account: JsonObject, given: JsonObject) -> JsonObject:
    already: list[str] = account[_NOTES]["requested"]
    requested = dict.fromkeys(already, True)
    for name, capability in given.get("capabilities", {}).items():
        if name != BALANCE:
            requested[name] = capability["requested"]
    settings = {name: value for name, value in given.items() if name != "capabilities"}
    merchant = {**account["configuration"].get("merchant", {}), **settings, "applied": True}
    wanted = [name for name, is_wanted in requested.items() if is_wanted]
    return {
        **account,
        "applied_configurations": ["merchant"],
        "configuration": {"merchant": merchant},
        _NOTES: {**account[_NOTES], "requested": wanted},
    }


def _settled(account: JsonObject) -> JsonObject:
    """With the capabilities and the requirements that follow from the notes."""
    notes = account[_NOTES]
    state, requested = AccountState(notes["state"]), notes["requested"]
    configuration = {
        name: {**settings, "capabilities": capabilities_in(state, requested)}
        for name, settings in account["configuration"].items()
    }
    return {
        **account,
        "configuration": configuration,
        "requirements": requirements_in(state, requested, notes["due"]),
    }


def _capabilities(account: JsonObject) -> JsonObject:
    capabilities: JsonObject = account["configuration"].get("merchant", {}).get("capabilities", {})
    return capabilities


def _changed_capabilities(before: JsonObject, after: JsonObject) -> list[str]:
    was, now = _capabilities(before), _capabilities(after)
    return [PAYOUTS if name == BALANCE else name for name in now if now[name] != was.get(name)]


def _merged(current: JsonObject, given: JsonObject) -> JsonObject:
    merged = dict(current)
    for name, value in given.items():
        nested = isinstance(value, dict) and isinstance(current.get(name), dict)
        merged[name] = _merged(current[name], value) if nested else value
    return merged


def _shown(account: JsonObject, include: Sequence[str]) -> JsonObject:
    """Null for every part that was not asked for."""
    visible = {name: value for name, value in account.items() if name != _NOTES}
    hidden = {name: None for name in _PARTS if name not in include}
    configuration = None
    if any(each.startswith(_CONFIGURATION) for each in include):
        merchant = account["configuration"].get("merchant")
        configuration = {
            "customer": None,
            "merchant": merchant if f"{_CONFIGURATION}merchant" in include else None,
            "recipient": None,
        }
    return {**visible, **hidden, "configuration": configuration}


ENDPOINTS: Final = (
    Endpoint(
        "POST", "/v2/core/accounts", AccountCreateParams, create, frozenset({"account_token"})
    ),
    Endpoint("GET", "/v2/core/accounts", AccountListParams, list_accounts, frozenset({"closed"})),
    Endpoint("GET", "/v2/core/accounts/{id}", AccountRetrieveParams, retrieve),
    Endpoint(
        "POST", "/v2/core/accounts/{id}", AccountUpdateParams, update, frozenset({"account_token"})
    ),
)
