"""The controls of purchases: what buyers, their banks and account owners do outside the API."""

from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.endpoints import World
from dev.stripe_stand_in.resources import checkout_flow, payments
from dev.stripe_stand_in.resources.checkout_flow import SESSION
from dev.stripe_stand_in.resources.payments import DISPUTE, PAYMENT_INTENT, REFUND
from dev.stripe_stand_in.resources.records import Records, public
from domain.json_values import JsonObject

_INTENT: Final = "/payment_intents/{intent_id}"
_SESSION: Final = "/checkout_sessions/{session_id}"


class ControlInput(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Purchase(ControlInput):
    delayed: bool = False
    """Whether the payment method needs days; ``settle`` ends the payment."""
    discount: int = Field(default=0, ge=0)
    """The amount of the promotion codes that the buyer enters."""
    email: str = "buyer@example.com"
    name: str = "Test Buyer"
    unit_amount: int | None = None
    """The buyer's choice for a price with ``custom_unit_amount``."""


class PaymentOutcome(ControlInput):
    succeeds: bool = True


class Passing(ControlInput):
    seconds: int = Field(ge=1)


class PartOfPayment(ControlInput):
    amount: int | None = Field(default=None, ge=1)
    """None for all that is left."""


class Verdict(ControlInput):
    won: bool
    """Whether the account's owner wins the dispute."""


class PaymentControls:
    """All methods raise ``ApiError`` for what Stripe does not allow."""

    def __init__(self, world: World) -> None:
        self._world = world

    def router(self) -> APIRouter:
        router = APIRouter()
        for path, action in (
            (f"{_SESSION}/pay", self.pay),
            (f"{_SESSION}/settle", self.settle),
            (f"{_SESSION}/expire", self.expire),
            (f"{_SESSION}/clock", self.advance_clock),
            (f"{_INTENT}/refund", self.refund),
            ("/refunds/{refund_id}/fail", self.fail_refund),
            (f"{_INTENT}/dispute", self.dispute),
            ("/disputes/{dispute_id}/close", self.close_dispute),
        ):
            router.add_api_route(path, action, methods=["POST"])
        return router

    async def pay(self, session_id: str, purchase: Purchase) -> JsonObject:
        """Completes a session, as its buyer does on its page."""
        records, session = self._session(session_id)
        return public(checkout_flow.complete(records, session, **purchase.model_dump()))

    async def settle(self, session_id: str, outcome: PaymentOutcome) -> JsonObject:
        """Ends a delayed payment."""
        records, session = self._session(session_id)
        return public(checkout_flow.settle(records, session, succeeds=outcome.succeeds))

    async def expire(self, session_id: str) -> JsonObject:
        """Expires an open session now."""
        records, session = self._session(session_id)
        return public(checkout_flow.expire_now(records, session))

    async def advance_clock(self, session_id: str, passing: Passing) -> JsonObject:
        """Lets time pass for one session, which may expire it."""
        records, session = self._session(session_id)
        checkout_flow.advance_clock(records, session, passing.seconds)
        return public(records.store.get(records.account, SESSION, session_id))

    async def refund(self, intent_id: str, part: PartOfPayment) -> JsonObject:
        """Refunds a payment, as the account's owner does in the dashboard."""
        records, _ = self._find(PAYMENT_INTENT, intent_id)
        return payments.refund(records, intent_id, part.amount)

    async def fail_refund(self, refund_id: str) -> JsonObject:
        """Fails a refund days after it was made, as the buyer's bank does."""
        records, refunded = self._find(REFUND, refund_id)
        return payments.fail_refund(records, refunded)

    async def dispute(self, intent_id: str) -> JsonObject:
        """Disputes a payment, as the buyer's bank does."""
        records, _ = self._find(PAYMENT_INTENT, intent_id)
        return payments.dispute(records, intent_id)

    async def close_dispute(self, dispute_id: str, verdict: Verdict) -> JsonObject:
        """Decides a dispute, as the buyer's bank does."""
        records, disputed = self._find(DISPUTE, dispute_id)
        return payments.close_dispute(records, disputed, is_won=verdict.won)

    def _session(self, session_id: str) -> tuple[Records, JsonObject]:
        checkout_flow.expire_due(self._world)
        return self._find(SESSION, session_id)

    def _find(self, kind: str, name: str) -> tuple[Records, JsonObject]:
        """The object, and the records of its account."""
        account = self._world.store.account_of(kind, name)
        if account is None:
            raise errors.not_found(kind, name)
        return Records(self._world, account), self._world.store.get(account, kind, name)
