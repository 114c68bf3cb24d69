"""What the process of an order knows of its calls to Stripe, beside their results. Pure."""

from datetime import datetime, timedelta
from typing import Final

from domain.orders.order import Order
from domain.orders.order_policy import (
    OPENING_WINDOW,
    OrderSituation,
    next_generation,
    pause_after,
    pause_without_account,
)
from domain.orders.transitions import CHECKOUT_LIFETIME
from payments.checkout_models import CheckoutRequest
from payments.errors import ACCOUNT_GONE, FORBIDDEN, KEY_REUSED, UNAUTHORIZED

_KEY_REFUSALS: Final = frozenset({UNAUTHORIZED, FORBIDDEN})
"""Until the operator corrects the API key."""


class Opening:
    """The attempts to open the checkout."""

    def __init__(self) -> None:
        self.request: CheckoutRequest | None = None
        self.generation = 0
        self.window_ends_at: datetime | None = None
        self.may_exist = False
        self.is_refused = False

    def resume(self, order: Order) -> None:
        """Continues the attempts of a run that was lost."""
        self.generation = 1
        self.window_ends_at = order.created_at + OPENING_WINDOW
        self.may_exist = True

    def begin(
        self, request: CheckoutRequest, situation: OrderSituation, now: datetime
    ) -> CheckoutRequest:
        """Returns what to send, the same for all attempts of a generation."""
        self.generation, began_at = next_generation(situation, now)
        self.window_ends_at = began_at + OPENING_WINDOW
        self.may_exist = True
        return request.model_copy(update={"expires_at": began_at + CHECKOUT_LIFETIME})

    def patience(self, now: datetime) -> timedelta:
        """For how long this generation is attempted."""
        return (self.window_ends_at or now) - now

    def fail(self, code: str | None, now: datetime) -> None:
        """An attempt returned no checkout. ``code`` is None if Stripe did not refuse it."""
        if code in _KEY_REFUSALS:
            return
        if code in (None, KEY_REUSED):
            self.window_ends_at = now
        else:
            self.is_refused = True


class Interruption:
    """Calls in a row that Stripe refused."""

    def __init__(self) -> None:
        self.code: str | None = None
        """Of the last refusal; None if Stripe has accepted a call since."""
        self.not_before: datetime | None = None
        self.account_gone_at: datetime | None = None
        self._refusals = 0

    def begin(self, code: str | None, situation: OrderSituation, now: datetime) -> None:
        self.code = code
        self._refusals += 1
        if code == ACCOUNT_GONE:
            self.account_gone_at = now
            self.not_before = pause_without_account(situation, now)
        else:
            self.account_gone_at = None
            self.not_before = now + pause_after(self._refusals)

    def shorten(self) -> None:
        """Stripe has sent a webhook, so the next call may succeed."""
        self.not_before = None

    def end(self) -> None:
        self.code = self.not_before = self.account_gone_at = None
        self._refusals = 0
