"""One buyer: orders tickets as the public page does, and pays, cancels or leaves at Stripe.

Each buyer has an address of its own, which counts if the API trusts the proxy before it.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from ipaddress import IPv4Address
from random import Random
from typing import Any, Final

import httpx
from temporalio.service import RPCError

from domain.ids import order_workflow_id
from domain.json_values import JsonObject
from tests.sales.market import Sale
from tests.sales.plans import Asking, BuyerPlan, Deed, Wish
from tests.support.waiting import eventually

PATIENCE_SECONDS: Final = 240.0
"""How long a buyer repeats a request that got no definite answer. In a run of chaos, faults follow
one another for minutes."""

FINAL: Final = frozenset({"paid", "expired", "cancelled", "refunded", "disputed"})

_PAUSE_SECONDS: Final = 0.3
_DROPPED_AFTER_SECONDS: Final = 0.04
_FIRST_ADDRESS: Final = IPv4Address("10.0.0.1")
_TRY_AGAIN: Final = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})

PAST_THE_CHECKOUT: Final = timedelta(minutes=37)
"""An order looks at its checkout one minute after the 35 minutes for which it holds tickets."""


class Misbehaved(AssertionError):
    """An answer that no buyer may get."""


@dataclass
class Buyer:
    """``log`` is what the buyer did and was answered, for the report of a violation."""

    sale: Sale
    http: httpx.AsyncClient
    plan: BuyerPlan
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    order: JsonObject | None = None
    refusal: str | None = None
    order_ids: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(f"{self.sale.plan.seed} {self.plan.number}")

    @property
    def order_id(self) -> str | None:
        return self.order["order_id"] if self.order else None

    @property
    def is_settled(self) -> bool:
        return self.order is None or self.order["state"] in FINAL

    async def ask(self, wish: Wish | None = None) -> None:
        """Orders, in the way of the plan; sets ``order`` or ``refusal``."""
        body = self._body(wish or self.plan.wish)
        match self.plan.asking:
            case Asking.DOUBLE_CLICK:
                answers = await asyncio.gather(*(self._post(body) for _ in range(2)))
            case Asking.AFTER_A_DROPPED_ANSWER:
                await self._drop(body)
                answers = [await self._post(body)]
            case _:
                answers = [await self._post(body)]
        self._take(answers)
        if self.order is not None and self.order["state"] == "held":
            await self._wait_for_checkout(body)

    async def ask_again(self) -> None:
        """Repeats the request: the same order, in its present state."""
        if self.order is not None:
            self._take([await self._post(self._body(self.plan.wish))])

    async def look(self) -> None:
        """Reads the order, which is gone if its tickets were not held in time."""
        response = await self._answered("GET", f"/v1/public/orders/{self.order_id}")
        self.order = None if response.status_code == HTTPStatus.NOT_FOUND else response.json()

    async def cancel(self) -> None:
        response = await self._answered("POST", f"/v1/public/orders/{self.order_id}/cancel", {})
        self._note(f"cancel: {response.status_code} {_outcome(response)}")

    async def pay(self, **choice: Any) -> bool:
        """Completes the checkout. False if it can no longer be paid."""
        return await self._at_stripe("pay", **choice)

    async def settle(self) -> None:
        """Ends a debit that is in progress."""
        if self.plan.deed in {Deed.PAY_BY_DEBIT, Deed.PAY_BY_BAD_DEBIT}:
            await self._at_stripe("settle", succeeds=self.plan.deed is Deed.PAY_BY_DEBIT)

    async def pass_stripes_time(self, seconds: int) -> None:
        """Lets time pass for the checkout, at Stripe alone."""
        await self._at_stripe("clock", seconds=seconds)

    async def pass_time(self, duration: timedelta) -> None:
        """Lets time pass for the order's workflow, if it still runs."""
        environment = self.sale.market.environment
        if environment is None or self.order_id is None:
            return
        handle = environment.client.get_workflow_handle(order_workflow_id(self.order_id))
        self._note(f"{duration} pass")
        try:
            await environment.fast_forward(handle, duration)
        except RPCError as error:
            self._note(f"time: {error}")  # it has ended

    async def act(self) -> None:
        """Does what the plan says, right after the order."""
        if self.order is None or self.order["checkout_url"] is None:
            return
        match self.plan.deed:
            case Deed.PAY | Deed.GET_REFUND | Deed.GET_PART_BACK | Deed.DISPUTE:
                await self.pay()
            case Deed.PAY_BY_DEBIT | Deed.PAY_BY_BAD_DEBIT:
                await self.pay(delayed=True)
            case Deed.CANCEL:
                await self.cancel()
            case Deed.CANCEL_WHILE_PAYING:
                await asyncio.gather(self.cancel(), self.pay())
            case _:
                await self._act_by_the_clock()

    async def _act_by_the_clock(self) -> None:
        match self.plan.deed:
            case Deed.PAY_AT_THE_LAST_SECOND:
                await self._until_expiry(-2)
                await asyncio.gather(self.pay(), self.pass_time(PAST_THE_CHECKOUT))
            case Deed.PAY_TOO_LATE:
                await self._until_expiry(1)
                if await self.pay():
                    raise Misbehaved(f"{self.order_id}: paid after its checkout had expired")
            case _:
                pass  # leaves

    async def _wait_for_checkout(self, body: JsonObject) -> None:
        """The order was answered with 202: its checkout is not open yet. If the order is gone
        since, it is placed again."""

        async def is_answered() -> bool:
            await self.look()
            if self.order is None:
                self._take([await self._post(body)])
            return self.order is None or self.order["state"] != "held"

        await eventually(
            is_answered, within=PATIENCE_SECONDS, what=f"a checkout of {self.order_id}"
        )

    async def act_later(self) -> None:
        """What happens to the order days later: a debit ends, money is returned."""
        await self.settle()
        checkout = await self._checkout()
        intent = (checkout or {}).get("payment_intent")
        if intent is None or (checkout or {}).get("payment_status") != "paid":
            return
        match self.plan.deed:
            case Deed.GET_REFUND:
                await self._control(f"/payment_intents/{intent}/refund")
            case Deed.GET_PART_BACK:
                await self._control(f"/payment_intents/{intent}/refund", amount=100)
            case Deed.DISPUTE:
                dispute = await self._control(f"/payment_intents/{intent}/dispute")
                if dispute is not None and self._random.random() < 0.5:
                    won = self._random.random() < 0.5
                    await self._control(f"/disputes/{dispute['id']}/close", won=won)
            case _:
                pass

    async def _until_expiry(self, offset: int) -> None:
        """Moves Stripe's clock to so many seconds after the checkout expires."""
        checkout = await self._checkout()
        if checkout is not None:
            left = int(checkout["expires_at"]) - int(time.time()) + offset
            await self.pass_stripes_time(max(left, 1))

    async def _at_stripe(self, action: str, **body: Any) -> bool:
        checkout = await self._checkout()
        if checkout is None:
            raise Misbehaved(f"{self.order_id}: there is no checkout at Stripe")
        return (
            await self._control(f"/checkout_sessions/{checkout['id']}/{action}", **body) is not None
        )

    async def _control(self, path: str, **body: Any) -> JsonObject | None:
        """None if Stripe refuses it."""
        response = await self.sale.market.stand_in.post(path, json=body)
        self._note(f"stripe: {path} {body}: {response.status_code} {_outcome(response)}")
        return response.json() if response.is_success else None

    async def _checkout(self) -> JsonObject | None:
        """The newest checkout of the order, as Stripe has it."""
        found = await self.sale.market.objects("checkout.session", self.sale.account)
        for session in found:
            if session["metadata"].get("order") == self.order_id:
                return session
        return None

    def _body(self, wish: Wish) -> JsonObject:
        return {
            "items": [
                {"tier_id": self.sale.tiers[tier], "quantity": quantity}
                for tier, quantity in wish.tickets
            ]
        }

    async def _drop(self, body: JsonObject) -> None:
        """Sends the order, and is gone before the answer."""
        pending = asyncio.create_task(self._post(body))
        await asyncio.sleep(self._random.random() * _DROPPED_AFTER_SECONDS)
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)
        self._note("dropped a request")

    async def _post(self, body: JsonObject) -> httpx.Response:
        response = await self._answered("POST", self.sale.orders_path, body)
        self._note(f"order {body['items']}: {response.status_code} {_outcome(response)}")
        return response

    async def _answered(
        self, method: str, path: str, body: JsonObject | None = None
    ) -> httpx.Response:
        """A definite answer: requests are repeated with the same key until there is one."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        headers = {"X-Forwarded-For": str(_FIRST_ADDRESS + self.plan.number)}
        if path == self.sale.orders_path:
            headers["Idempotency-Key"] = self.key
        while True:
            try:
                response = await self.http.request(method, path, json=body, headers=headers)
            except httpx.TransportError as error:
                self._note(f"{method}: {type(error).__name__}")
            else:
                if response.status_code not in _TRY_AGAIN:
                    return response
                self._note(f"{method}: {response.status_code} {_outcome(response)}")
            if time.monotonic() > deadline:
                raise Misbehaved(f"buyer {self.plan.number}: no answer to {method} {path}")
            await asyncio.sleep(_PAUSE_SECONDS)

    def _take(self, answers: list[httpx.Response]) -> None:
        for answer in answers:
            if answer.is_success:
                self.order = answer.json()
                self.order_ids.add(answer.json()["order_id"])
                self.refusal = None
            elif answer.status_code == HTTPStatus.CONFLICT:
                self.refusal = answer.json()["code"]
            else:
                raise Misbehaved(f"buyer {self.plan.number}: {answer.status_code} {answer.text}")

    def _note(self, text: str) -> None:
        self.log.append(f"{time.strftime('%X')} buyer {self.plan.number}: {text}")


def _outcome(response: httpx.Response) -> str:
    """The state or the code of an answer, and the order that it is about."""
    try:
        answer = response.json()
    except ValueError:
        return response.text[:80]
    named = [answer.get(name) for name in ("order_id", "state", "status", "code", "detail")]
    return " ".join(str(text) for text in named if text)
