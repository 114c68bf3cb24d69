"""Accounts v2: https://docs.stripe.com/api/v2/core/accounts.

An account is an object of the platform. All of its parts are stored; a response has those that
``include`` names. Its simulated state determines capabilities and requirements.
"""

import secrets
from collections.abc import Sequence
from typing import Final

from stripe.params.v2.core import (
    AccountCreateParams,
    AccountListParams,
    AccountRetrieveParams,
    AccountUpdateParams,
)

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import merged_metadata, rfc3339_now
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint, World
from dev.stripe_stand_in.protocol.pagination import page_v2
from dev.stripe_stand_in.resources.account_state import (
    BALANCE,
    PAYOUTS,
    AccountState,
    capabilities_in,
    requirements_in,
)
from dev.stripe_stand_in.resources.records import SIMULATION
from dev.stripe_stand_in.state.models import ACCOUNT
from dev.stripe_stand_in.state.store import PLATFORM, Store
from domain.json_values import JsonObject

_PARTS: Final = ("defaults", "future_requirements", "identity", "requirements")
_CONFIGURATION: Final = "configuration."
_INCLUDABLE: Final = (*_PARTS, f"{_CONFIGURATION}merchant")
_PLAIN: Final = ("contact_email", "contact_phone", "dashboard", "display_name")

CAPABILITY_UPDATED: Final = "v2.core.account[configuration.merchant].capability_status_updated"
REQUIREMENTS_UPDATED: Final = "v2.core.account[requirements].updated"
ACCOUNT_UPDATED: Final = "v2.core.account.updated"
ACCOUNT_CREATED: Final = "v2.core.account.created"
DEAUTHORIZED: Final = "account.application.deauthorized"

_APPLICATION: Final[JsonObject] = {
    "id": "ca_stand_in",
    "object": "application",
    "name": "The platform",
}


def create(request: ApiRequest) -> JsonObject:
    empty: JsonObject = {
        "id": f"acct_{secrets.token_hex(8)}",
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
        SIMULATION: {"state": AccountState.NEW, "requested": [], "due": None},
    }
    account = _with_arguments(empty, request.arguments)
    request.store.put(PLATFORM, account)
    request.world.events.thin(ACCOUNT_CREATED, account["id"], request.raw)
    return _visible(account, request.arguments.get("include", ()))


def retrieve(request: ApiRequest) -> JsonObject:
    return _visible(_named(request), request.arguments.get("include", ()))


def update(request: ApiRequest) -> JsonObject:
    before = _named(request)
    after = _with_arguments(before, request.arguments)
    if before != after:
        request.store.put(PLATFORM, after)
        request.world.events.thin(ACCOUNT_UPDATED, after["id"], request.raw)
    return _visible(after, request.arguments.get("include", ()))


def list_accounts(request: ApiRequest) -> JsonObject:
    wanted = request.arguments.get("applied_configurations", ())
    accounts = [
        _visible(account, ())
        for account in request.store.newest_first(PLATFORM, ACCOUNT)
        if set(wanted) <= set(account["applied_configurations"])
        and request.store.has_account(account["id"])
    ]
    return page_v2(accounts, request.arguments, request.raw.path)


def move(
    world: World, account_id: str, state: AccountState, due: Sequence[str] | None = None
) -> JsonObject:
    """Puts an account into a state, and records the events of the change.

    ``due`` replaces the default requirements of the state.

    Raises:
        ApiError: there is no such account, or it is disconnected.
    """
    before = _connected(world.store, account_id)
    simulation = {**before[SIMULATION], "state": state, "due": due}
    after = _settled({**before, SIMULATION: simulation})
    world.store.put(PLATFORM, after)
    for capability in _changed_capabilities(before, after):
        world.events.thin(CAPABILITY_UPDATED, account_id, None, {"updated_capability": capability})
    world.events.thin(REQUIREMENTS_UPDATED, account_id, None)
    world.events.thin(ACCOUNT_UPDATED, account_id, None)
    return _visible(after, _INCLUDABLE)


def disconnect(world: World, account_id: str) -> None:
    """Revokes the platform's access forever, as the account's owner does in the dashboard.

    Raises:
        ApiError: there is no such account, or it is disconnected.
    """
    _connected(world.store, account_id)
    world.events.snapshot(account_id, DEAUTHORIZED, _APPLICATION, None)
    world.store.disconnected.add(account_id)
    world.store.changed()


def set_tax(world: World, account_id: str, *, is_active: bool) -> None:
    """Activates or deactivates Stripe Tax, as the account's owner does in the dashboard.

    Raises:
        ApiError: there is no such account, or it is disconnected.
    """
    _connected(world.store, account_id)
    update = world.store.tax_accounts.add if is_active else world.store.tax_accounts.discard
    update(account_id)
    world.store.changed()


def require_cards(store: Store, account_id: str, sold_by: str) -> None:
    """
    Raises:
        ApiError: the account cannot take cards. ``sold_by`` is a kind of object.
    """
    if account_id != PLATFORM and not _takes_cards(store, account_id):
        raise errors.ApiError(
            f"No valid payment method types for this {sold_by}. Please ensure that you have "
            "activated payment methods compatible with your chosen currency in your dashboard."
        )


def _takes_cards(store: Store, account_id: str) -> bool:
    account = store.get(PLATFORM, ACCOUNT, account_id)
    cards = _capabilities(account).get("card_payments", {})
    return bool(cards.get("status") == "active")


def _named(request: ApiRequest) -> JsonObject:
    """The account in the path. A connected account can access only itself."""
    account_id = request.ids["id"]
    if request.account not in {PLATFORM, account_id}:
        raise errors.not_found(ACCOUNT, account_id)
    return _connected(request.store, account_id)


def _connected(store: Store, account_id: str) -> JsonObject:
    account = store.find(PLATFORM, ACCOUNT, account_id)
    if account is None:
        raise errors.not_found(ACCOUNT, account_id)
    if not store.has_account(account_id):
        raise errors.no_such_account(account_id)
    return account


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
    already: list[str] = account[SIMULATION]["requested"]
    requested = dict.fromkeys(already, True)
    for name, capability in given.get("capabilities", {}).items():
        if name != BALANCE and "requested" in capability:
            requested[name] = capability["requested"]
    settings = {name: value for name, value in given.items() if name != "capabilities"}
    merchant = {**account["configuration"].get("merchant", {}), **settings, "applied": True}
    wanted = [name for name, is_wanted in requested.items() if is_wanted]
    return {
        **account,
        "applied_configurations": ["merchant"],
        "configuration": {"merchant": merchant},
        SIMULATION: {**account[SIMULATION], "requested": wanted},
    }


def _settled(account: JsonObject) -> JsonObject:
    """The account with the capabilities and requirements of its simulated state."""
    simulation = account[SIMULATION]
    state, requested = AccountState(simulation["state"]), simulation["requested"]
    configuration = {
        name: {**settings, "capabilities": capabilities_in(state, requested)}
        for name, settings in account["configuration"].items()
    }
    return {
        **account,
        "configuration": configuration,
        "requirements": requirements_in(state, requested, simulation["due"]),
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


def _visible(account: JsonObject, include: Sequence[str]) -> JsonObject:
    """The account in a response, with null for each part that ``include`` does not name."""
    visible = {name: value for name, value in account.items() if name != SIMULATION}
    hidden = {name: None for name in _PARTS if name not in include}
    configuration = None
    if any(part.startswith(_CONFIGURATION) for part in include):
        merchant = account["configuration"].get("merchant")
        configuration = {
            "customer": None,
            "merchant": merchant if f"{_CONFIGURATION}merchant" in include else None,
            "recipient": None,
        }
    return {**visible, **hidden, "configuration": configuration}


_PATH: Final = "/v2/core/accounts"
_SETTINGS: Final = """
configuration.merchant contact_email contact_phone dashboard defaults display_name identity include
metadata
"""

ENDPOINTS: Final = (
    Endpoint("POST", _PATH, AccountCreateParams, create, _SETTINGS),
    Endpoint("GET", _PATH, AccountListParams, list_accounts, "applied_configurations"),
    Endpoint("GET", f"{_PATH}/{{id}}", AccountRetrieveParams, retrieve, "include"),
    Endpoint("POST", f"{_PATH}/{{id}}", AccountUpdateParams, update, _SETTINGS),
)
