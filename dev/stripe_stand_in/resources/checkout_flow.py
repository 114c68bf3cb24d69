"""What happens to checkout sessions: buyers pay, payments end days later, and time passes.

A session is open until a buyer completes it or it expires. A complete session is ``paid``. With a
payment method that needs days, it is ``unpaid`` until the payment succeeds, or forever if it fails.
"""

import asyncio
import secrets
from typing import Any, Final

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import new_id, unix_now
from dev.stripe_stand_in.protocol.endpoints import World
from dev.stripe_stand_in.resources import line_items, payments
from dev.stripe_stand_in.resources.accounts import require_cards
from dev.stripe_stand_in.resources.records import SIMULATION, Records
from domain.json_values import JsonObject

SESSION: Final = "checkout.session"
PAGE_PATH: Final = "/buy"
DAY_SECONDS: Final = 24 * 60 * 60

METHODS: Final = ("card", "sepa_debit")
"""Stripe chooses by the buyer's country, the currency and the account's settings."""

NO_TAX: Final = {"enabled": False, "liability": None, "provider": None, "status": None}

COPIED: Final = (
    "allow_promotion_codes",
    "allowed_payment_method_types",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "success_url",
)
"""Attributes that have the same name and value as a parameter."""

_DELAYED_METHOD: Final = "sepa_debit"
_CLOCK_SECONDS: Final = 0.25


def new_session(world: World, items: list[JsonObject], **attributes: Any) -> JsonObject:
    """An open session that sells the line items."""
    now = unix_now()
    return {
        "id": new_id("cs_test"),
        "object": SESSION,
        **dict.fromkeys(COPIED),
        "automatic_tax": NO_TAX,
        "created": now,
        "currency": items[0]["currency"],
        "customer": None,
        "customer_details": None,
        "expires_at": now + DAY_SECONDS,
        "livemode": False,
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_types": list(METHODS),
        "payment_status": "unpaid",
        "status": "open",
        "ui_mode": "hosted_page",
        "url": f"{world.base_url}{PAGE_PATH}/test_{secrets.token_hex(12)}",
        SIMULATION: {"clock": 0, "payment_intent_data": {}},
        **line_items.with_totals(items),
        **attributes,
    }


def require_open(session: JsonObject, action: str) -> None:
    """
    Raises:
        ApiError: the session is complete or expired.
    """
    if session["status"] != "open":
        raise errors.invalid(
            f'Only Checkout Sessions with a status in ["open"] can be {action}. This Checkout '
            f"Session has a status of `{session['status']}`.",
            "session",
        )


def expire_now(records: Records, session: JsonObject) -> JsonObject:
    """
    Raises:
        ApiError: the session is complete or expired.
    """
    require_open(session, "expired")
    ended = {"status": "expired", "url": None}
    return records.change(session, ended, "checkout.session.expired")


def expire_due(world: World) -> None:
    """Expires the sessions whose time is over."""
    for account in list(world.store.objects):
        for session in world.store.newest_first(account, SESSION):
            if session["status"] == "open" and session["expires_at"] <= _now(session):
                expire_now(Records(world, account), session)


async def keep_expiring(world: World) -> None:
    """Expires sessions in time, until it is cancelled."""
    while True:
        await asyncio.sleep(_CLOCK_SECONDS)
        expire_due(world)


def advance_clock(records: Records, session: JsonObject, seconds: int) -> None:
    """Lets time pass for one session."""
    simulation = session[SIMULATION]
    later = {**simulation, "clock": simulation["clock"] + seconds}
    records.put({**session, SIMULATION: later})
    expire_due(records.world)


def complete(
    records: Records,
    session: JsonObject,
    *,
    delayed: bool = False,
    discount: int = 0,
    email: str = "",
    name: str = "",
    **choice: int | None,
) -> JsonObject:
    """Completes a session, as a buyer does on its page.

    With ``delayed``, the payment is in progress afterwards. ``discount`` is the amount of the
    promotion codes that the buyer enters, and ``choice`` a ``quantity`` or ``unit_amount``.

    Raises:
        ApiError: the session is not open, or does not allow these choices.
    """
    require_open(session, "completed")
    require_cards(records.store, records.account, "Checkout Session")
    if delayed and _DELAYED_METHOD not in session["payment_method_types"]:
        raise errors.invalid(
            "This session does not accept payment methods that take days", "payment_method_types"
        )
    if discount and not session["allow_promotion_codes"]:
        raise errors.invalid(
            "This session does not accept promotion codes", "allow_promotion_codes"
        )
    tax = session["automatic_tax"]
    items = line_items.chosen(session["line_items"], **choice)
    items = line_items.reduced(items, discount, is_taxed=tax["enabled"])
    line_items.require_chargeable_total(items)
    bought = {
        **session,
        **line_items.with_totals(items),
        "automatic_tax": {**tax, "status": "complete" if tax["enabled"] else None},
        "customer_details": {"address": None, "email": email, "name": name, "phone": None},
        "status": "complete",
        "url": None,
    }
    paid = _payment(records, bought, delayed=delayed)
    return records.change(session, {**bought, **paid}, "checkout.session.completed")


def settle(records: Records, session: JsonObject, *, succeeds: bool) -> JsonObject:
    """Ends a delayed payment.

    Raises:
        ApiError: no payment of the session is in progress.
    """
    if not payments.is_processing(records, session["payment_intent"]):
        raise errors.invalid("No payment of this Checkout Session is in progress", "session")
    if succeeds:
        payments.succeed(records, session["payment_intent"])
        paid = {"payment_status": "paid"}
        return records.change(session, paid, "checkout.session.async_payment_succeeded")
    payments.fail(records, session["payment_intent"])
    records.note(session, "checkout.session.async_payment_failed")
    return session


def _payment(records: Records, session: JsonObject, *, delayed: bool) -> JsonObject:
    """Charges the amount. Returns the resulting attributes of the session."""
    if session["amount_total"] == 0:
        return {"payment_status": "no_payment_required"}
    intent = payments.start(
        records,
        amount=session["amount_total"],
        currency=session["currency"],
        data=session[SIMULATION]["payment_intent_data"],
        email=session["customer_details"]["email"],
    )["id"]
    if delayed:
        payments.wait(records, intent)
        return {"payment_intent": intent}
    payments.succeed(records, intent)
    return {"payment_intent": intent, "payment_status": "paid"}


def _now(session: JsonObject) -> int:
    return unix_now() + int(session[SIMULATION]["clock"])
