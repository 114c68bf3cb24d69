"""Plays the sale of one seed, and judges its end."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import httpx

from tests.sales.buyers import PAST_THE_CHECKOUT, Buyer, Misbehaved
from tests.sales.evidence import (
    CountsNow,
    counts_now,
    evidence_of,
    history_of,
    is_running,
    stored_orders,
)
from tests.sales.judge import WHOLE_EVENT, Refused, Violation, judge, sold_by_orders
from tests.sales.market import Market, Sale, open_sale
from tests.sales.plans import BUYERS, Asking, BuyerPlan, Deed, Delivery, SalePlan, Wave, Wish
from tests.support.waiting import eventually

LONGEST_PLAY_SECONDS: Final = 600
"""A time limit for tests: longer than all waits of a sale together, so that the sale is judged."""

SETTLED_WITHIN_SECONDS: Final = 90.0
"""Real seconds until whatever happens without a buyer has happened. A busy machine is many times
slower than an idle one, and tickets that are given back later are left unsold."""

_HEARD_WITHIN_SECONDS: Final = 3.0
"""Real seconds until webhooks have settled most of the orders that they can settle. Others are
settled by the clock."""

_PASSED_WITHIN_SECONDS: Final = 10.0
"""The same for orders whose time has passed, before more of it passes."""

_REDRIVEN_WITHIN_SECONDS: Final = 100.0
"""The same while processes are killed: an event that arrives without Temporal is processed by a
schedule that runs each minute."""

_PASSING: Final = (PAST_THE_CHECKOUT, timedelta(hours=2), timedelta(days=1, hours=2))
"""How much time passes for orders that no webhook settled: until they look at their checkout."""

_LAST_ATTEMPTS: Final = 3
"""Buyers in a row who get no ticket at all, after whom the others would get none either."""

_STILL_HOLDING: Final = frozenset({"held", "open", "processing"})


@dataclass
class Played:
    """The result of one seed. ``log`` is empty unless there is a violation."""

    seed: int
    seconds: float = 0
    orders: Counter[str] = field(default_factory=Counter)
    """By state."""
    sold: int = 0
    capacity: int = 0
    refused: int = 0
    buyers: int = BUYERS
    violations: list[Violation] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


async def play(market: Market, plan: SalePlan) -> Played:
    return await play_sale(await open_sale(market, plan))


async def play_sale(sale: Sale) -> Played:
    started = time.monotonic()
    async with httpx.AsyncClient(
        base_url=sale.market.address, timeout=30, trust_env=False, verify=False
    ) as http:
        played = await _Playing(sale, http).play()
    played.seconds = time.monotonic() - started
    return played


class _Playing:
    def __init__(self, sale: Sale, http: httpx.AsyncClient) -> None:
        self._sale = sale
        self._http = http
        self._buyers: list[Buyer] = []
        self._refused: list[Refused] = []
        self._violations: list[Violation] = []

    async def play(self) -> Played:
        try:
            for wave in self._sale.plan.waves:
                await self._play(wave)
            await self._sale.market.deliver(Delivery.PROMPT)
            await self._settle(self._buyers)
            await self._wait_for_refunds()
            await self._sell_the_rest()
        except Misbehaved as error:
            self._violations.append(Violation("answer", str(error)))
        return await self._judged()

    async def _play(self, wave: Wave) -> None:
        market = self._sale.market
        await market.deliver(wave.delivery)
        buyers = [Buyer(self._sale, self._http, plan) for plan in wave.buyers]
        self._buyers += buyers
        await asyncio.gather(*(self._come(buyer) for buyer in buyers))
        await asyncio.gather(*(buyer.act_later() for buyer in buyers if buyer.order))
        await market.release_webhooks()
        await self._settle(buyers, heard=wave.delivery is not Delivery.NEVER)
        self._check_counts(await counts_now(self._sale))
        repeating = [buyer for buyer in buyers if buyer.plan.asking is Asking.AGAIN_LATER]
        await asyncio.gather(*(buyer.ask_again() for buyer in repeating))
        if wave.pauses:
            await self._pause()

    async def _come(self, buyer: Buyer) -> None:
        await buyer.ask()
        await buyer.act()

    def _check_counts(self, counts: Sequence[CountsNow]) -> None:
        """At any moment, the inventory is the sum of the orders, and within its limit."""
        for row in counts:
            if (row.sold, row.held) != (row.sold_by_orders, row.held_by_orders):
                self._violations.append(Violation("miscounted", f"during the sale: {row}"))
            if row.limited_to is not None and row.sold + row.held > row.limited_to:
                self._violations.append(Violation("oversold", f"during the sale: {row}"))

    async def _settle(self, buyers: Sequence[Buyer], *, heard: bool = True) -> None:
        """Returns when all orders are final: by webhooks, if these are ``heard``, else by the
        clock."""
        orders = {buyer.order_id: buyer for buyer in buyers if buyer.order_id is not None}
        acting = [name for name, buyer in orders.items() if buyer.plan.deed is not Deed.LEAVE]
        has_clocks = self._sale.market.environment is not None
        within = _HEARD_WITHIN_SECONDS if has_clocks else _REDRIVEN_WITHIN_SECONDS
        await self._wait_for(acting if heard else [], within)
        for duration in _PASSING:
            waiting = await self._holding(orders)
            await asyncio.gather(*(self._let_time_pass(orders[name], duration) for name in waiting))
            await self._wait_for(waiting, _PASSED_WITHIN_SECONDS)
        await self._wait_for(orders, SETTLED_WITHIN_SECONDS)

    async def _wait_for(self, orders: Collection[str], seconds: float) -> None:
        """Until the orders are final, or so many seconds have passed."""

        async def are_final() -> bool:
            return not await self._holding(orders)

        with suppress(AssertionError):
            await eventually(are_final, within=seconds)

    async def _holding(self, orders: Collection[str]) -> list[str]:
        """Those of the orders that hold tickets."""
        if not orders:
            return []
        stored = await stored_orders(self._sale)
        return [
            order.order_id
            for order in stored
            if order.order_id in orders and order.state in _STILL_HOLDING
        ]

    async def _let_time_pass(self, buyer: Buyer, duration: timedelta) -> None:
        """For the order; for every other buyer also at Stripe, so that either side expires it.
        If clocks of workflows cannot be moved, Stripe alone expires it."""
        if buyer.plan.number % 2 or self._sale.market.environment is None:
            await buyer.pass_stripes_time(int(duration.total_seconds()))
        await buyer.pass_time(duration)

    async def _pause(self) -> None:
        """Nothing is sold while the sale is paused."""
        await self._sale.switch("pause")
        plan = BuyerPlan(-1, Wish(((0, 1),)), Deed.LEAVE, Asking.ONCE)
        buyer = Buyer(self._sale, self._http, plan)
        await buyer.ask()
        if buyer.refusal != "sales_paused":
            raise Misbehaved(f"a paused sale answered {buyer.refusal or buyer.order}")
        await self._sale.switch("resume")

    async def _wait_for_refunds(self) -> None:
        """Until the orders know them: the tickets of a refund are on sale a moment after it."""

        async def are_known() -> bool:
            evidence = await evidence_of(self._sale, self._buyers, self._refused)
            return all(found.rule != "refunded" for found in judge(evidence))

        with suppress(AssertionError):
            await eventually(are_known, within=SETTLED_WITHIN_SECONDS)

    async def _sell_the_rest(self) -> None:
        """Those who were refused come back for any one ticket, until none is left."""
        returning = [buyer for buyer in self._buyers if buyer.order is None]
        failed = 0
        for former in returning:
            if failed == _LAST_ATTEMPTS:
                break
            code = await self._get_any_ticket(former.plan.number)
            if code is not None:
                self._refused.append(Refused(former.plan.number, code))
            failed = failed + 1 if code else 0

    async def _get_any_ticket(self, number: int) -> str | None:
        """None if the buyer got one; else why not."""
        for tier in range(len(self._sale.tiers)):
            plan = BuyerPlan(number, Wish(((tier, 1),)), Deed.PAY, Asking.ONCE)
            buyer = Buyer(self._sale, self._http, plan)
            self._buyers.append(buyer)
            await self._come(buyer)
            if buyer.order is not None:
                await self._settle([buyer])
                return None
        return buyer.refusal

    async def _judged(self) -> Played:
        await self._wait_for_ends()
        evidence = await evidence_of(self._sale, self._buyers, self._refused)
        violations = [*self._violations, *judge(evidence)]
        return Played(
            seed=self._sale.plan.seed,
            buyers=len(self._sale.plan.buyers),
            orders=Counter(order.state for order in evidence.orders),
            sold=sold_by_orders(evidence)[WHOLE_EVENT],
            capacity=self._sale.plan.capacity,
            refused=self._left_without(),
            violations=violations,
            log=await self._explained(violations) if violations else [],
        )

    def _left_without(self) -> int:
        """Buyers who came back, if at all, and got no ticket."""
        planned = {buyer.plan.number for buyer in self._buyers if buyer.plan.number >= 0}
        served = {buyer.plan.number for buyer in self._buyers if buyer.order is not None}
        return len(planned - served)

    async def _wait_for_ends(self) -> None:
        """Workflows end, and refunds are counted, a moment after the last answer."""

        async def is_right() -> bool:
            return not judge(await evidence_of(self._sale, self._buyers, self._refused))

        with suppress(AssertionError):
            await eventually(is_right, within=SETTLED_WITHIN_SECONDS)

    async def _explained(self, violations: Sequence[Violation]) -> list[str]:
        """The operations of all buyers, and the histories of the orders in question."""
        lines = [f"  {self._sale.plan}"]
        lines += sorted(line for buyer in self._buyers for line in buyer.log)
        for order_id in sorted({found.order_id for found in violations if found.order_id}):
            running = await is_running(self._sale, order_id)
            lines.append(f"  history of {order_id}{' (running)' if running else ''}:")
            lines += [f"    {line}" for line in await history_of(self._sale, order_id)]
        return lines
