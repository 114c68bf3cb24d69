"""Payments: payment intents, their charges, refunds and disputes.

https://docs.stripe.com/api/payment_intents, …/charges, …/refunds, …/disputes. They arise from
checkout sessions, from the organizer's dashboard, and from buyers' banks; the API only reads them.
"""

from typing import Final

from stripe.params import (
    ChargeListParams,
    ChargeRetrieveParams,
    DisputeListParams,
    DisputeRetrieveParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
    RefundListParams,
    RefundRetrieveParams,
)

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import new_id, unix_now
from dev.stripe_stand_in.protocol.endpoints import Endpoint
from dev.stripe_stand_in.resources.records import Records, read_endpoints
from domain.json_values import JsonObject
from domain.values import money

PAYMENT_INTENT: Final = "payment_intent"
CHARGE: Final = "charge"
REFUND: Final = "refund"
DISPUTE: Final = "dispute"

_FILTERS: Final = ("charge", "created", "payment_intent")
_FAILURE: Final[JsonObject] = {
    "code": "payment_intent_payment_attempt_failed",
    "message": "The payment failed.",
    "type": "card_error",
}


def start(
    records: Records, *, amount: int, currency: str, data: JsonObject, email: str
) -> JsonObject:
    """Starts to process a payment, and returns its payment intent.

    ``data`` is the ``payment_intent_data`` of the checkout session. A charge gets a copy of the
    intent's metadata; a refund or a dispute has its own metadata.
    """
    fee = data.get("application_fee_amount")
    charge_id, intent_id = new_id("ch"), new_id("pi")
    shared: JsonObject = {
        "amount": amount,
        # https://docs.stripe.com/connect/direct-charges: the fee is capped at the charged amount.
        "application_fee_amount": None if fee is None else min(fee, amount),
        "created": unix_now(),
        "currency": currency,
        "customer": None,
        "description": data.get("description"),
        "livemode": False,
        "metadata": data.get("metadata", {}),
    }
    charge = {
        "id": charge_id,
        "object": CHARGE,
        **shared,
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": {"address": None, "email": email, "name": None, "phone": None},
        "captured": False,
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "paid": False,
        "payment_intent": intent_id,
        "refunded": False,
        "status": "pending",
    }
    intent = {
        "id": intent_id,
        "object": PAYMENT_INTENT,
        **shared,
        "amount_received": 0,
        "last_payment_error": None,
        "latest_charge": charge_id,
        "status": "processing",
    }
    records.note(
        {**intent, "latest_charge": None, "status": "requires_payment_method"},
        "payment_intent.created",
    )
    records.put(intent)
    records.put(charge)
    return intent


def is_processing(records: Records, intent_id: str | None) -> bool:
    intent = records.store.find(records.account, PAYMENT_INTENT, intent_id or "")
    return intent is not None and intent["status"] == "processing"


def wait(records: Records, intent_id: str) -> None:
    """Records that the payment method needs days."""
    intent, charge = _payment(records, intent_id)
    records.note(charge, "charge.pending")
    records.note(intent, "payment_intent.processing")


def succeed(records: Records, intent_id: str) -> None:
    intent, charge = _payment(records, intent_id)
    amount, done = intent["amount"], {"status": "succeeded"}
    captured = {"amount_captured": amount, "captured": True, "paid": True}
    records.change(charge, {**captured, **done}, "charge.succeeded")
    records.change(intent, {"amount_received": amount, **done}, "payment_intent.succeeded")


def fail(records: Records, intent_id: str) -> None:
    intent, charge = _payment(records, intent_id)
    failure = {"failure_code": _FAILURE["code"], "failure_message": _FAILURE["message"]}
    records.change(charge, {**failure, "status": "failed"}, "charge.failed")
    records.change(
        intent,
        {"last_payment_error": _FAILURE, "status": "requires_payment_method"},
        "payment_intent.payment_failed",
    )


def refund(records: Records, intent_id: str, amount: int | None = None) -> JsonObject:
    """Refunds a payment, or a part of it, as the account's owner does in the dashboard.

    Raises:
        ApiError: the payment cannot be refunded, or not by that much.
    """
    intent, charge = _payment(records, intent_id)
    left = charge["amount_captured"] - charge["amount_refunded"]
    _require_refundable(charge, left, amount)
    returned = left if amount is None else amount
    made = records.create(
        {
            "id": new_id("re"),
            "object": REFUND,
            "amount": returned,
            "charge": charge["id"],
            "created": unix_now(),
            "currency": charge["currency"],
            "destination_details": _destination("pending"),
            "metadata": {},
            "payment_intent": intent["id"],
            "reason": "requested_by_customer",
            "status": "succeeded",
        },
        "refund.created",
    )
    refunded = charge["amount_refunded"] + returned
    is_whole = refunded == charge["amount_captured"]
    records.change(charge, {"amount_refunded": refunded, "refunded": is_whole}, "charge.refunded")
    reference = {"destination_details": _destination("available")}
    return records.change(made, reference, "refund.updated")


def fail_refund(records: Records, refunded: JsonObject) -> JsonObject:
    """Returns the amount of a refund to the account, because the buyer's bank does not accept it.

    Raises:
        ApiError: the refund has failed already.
    """
    if refunded["status"] != "succeeded":
        raise errors.invalid("This refund has already failed", "refund")
    charge = records.store.get(records.account, CHARGE, refunded["charge"])
    left = charge["amount_refunded"] - refunded["amount"]
    records.put({**charge, "amount_refunded": left, "refunded": False})
    failure = {"failure_reason": "expired_or_canceled_card", "status": "failed"}
    return records.change(refunded, failure, "refund.failed")


def dispute(records: Records, intent_id: str) -> JsonObject:
    """Disputes a payment, as the buyer's bank does. It withdraws the amount.

    Raises:
        ApiError: the payment cannot be disputed.
    """
    intent, charge = _payment(records, intent_id)
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise errors.invalid(f"Charge {charge['id']} cannot be disputed.", "charge")
    records.put({**charge, "disputed": True})
    made = records.create(
        {
            "id": new_id("du"),
            "object": DISPUTE,
            "amount": charge["amount"],
            "charge": charge["id"],
            "created": unix_now(),
            "currency": charge["currency"],
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": intent["id"],
            "reason": "general",
            "status": "needs_response",
        },
        "charge.dispute.created",
    )
    records.note(made, "charge.dispute.funds_withdrawn")
    return made


def close_dispute(records: Records, disputed: JsonObject, *, is_won: bool) -> JsonObject:
    """
    Raises:
        ApiError: the dispute is closed already.
    """
    if disputed["status"] != "needs_response":
        raise errors.invalid("This dispute is already closed", "dispute")
    status = {"status": "won" if is_won else "lost"}
    closed = records.change(disputed, status, "charge.dispute.closed")
    if is_won:
        records.note(closed, "charge.dispute.funds_reinstated")
    return closed


def _payment(records: Records, intent_id: str) -> tuple[JsonObject, JsonObject]:
    """A payment intent and its charge."""
    store, account = records.store, records.account
    intent = store.get(account, PAYMENT_INTENT, intent_id)
    return intent, store.get(account, CHARGE, intent["latest_charge"])


def _destination(reference_status: str) -> JsonObject:
    return {"card": {"reference_status": reference_status, "type": "refund"}, "type": "card"}


def _require_refundable(charge: JsonObject, left: int, amount: int | None) -> None:
    name, currency = charge["id"], charge["currency"]
    if charge["disputed"]:
        message = f"Charge {name} has been charged back; cannot issue a refund."
        raise errors.ApiError(message, code="charge_disputed")
    if charge["refunded"]:
        message = f"Charge {name} has already been refunded."
        raise errors.ApiError(message, code="charge_already_refunded")
    if left == 0:
        raise errors.invalid(f"Charge {name} is not paid.", "charge")
    if amount is not None and amount > left:
        raise errors.invalid(
            f"Refund amount ({money.format_amount(amount, currency)}) is greater than unrefunded "
            f"amount on charge ({money.format_amount(left, currency)})",
            "amount",
        )


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *read_endpoints(
        "/v1/payment_intents",
        PAYMENT_INTENT,
        PaymentIntentListParams,
        PaymentIntentRetrieveParams,
        "created",
    ),
    *read_endpoints(
        "/v1/charges", CHARGE, ChargeListParams, ChargeRetrieveParams, "created", "payment_intent"
    ),
    *read_endpoints("/v1/refunds", REFUND, RefundListParams, RefundRetrieveParams, *_FILTERS),
    *read_endpoints("/v1/disputes", DISPUTE, DisputeListParams, DisputeRetrieveParams, *_FILTERS),
)
