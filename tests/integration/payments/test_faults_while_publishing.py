"""A fault of any kind at any call to Stripe: each tier is put on sale once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from dev.stripe_stand_in.protocol.faults import TEMPORARY, FaultKind
from domain.json_values import JsonObject
from tests.support.api import SignIn
from tests.support.full_size import IS_FULL
from tests.support.paid_sessions import (
    KINDS,
    THREE_TIERS,
    Seller,
    assert_on_sale_once,
    objects_of,
    start_seller,
)
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.waiting import eventually

STRIPE_TIMEOUT: Final = 2.0
PUBLISHED_WITHIN: Final = 60.0
CONCURRENCY: Final = 8
"""Concurrent publications: with more of them, the timeout would pass without any fault."""

FAULTS_OF_READS: Final = (
    FaultKind.ERROR_BEFORE_EFFECT,
    FaultKind.RATE_LIMITED,
    FaultKind.DROP_AFTER_EFFECT,
    FaultKind.SLOW,
)
"""Faults of calls that change nothing: before and after the effect make no difference."""

FAULTS_WITH_UNKNOWN_EFFECT: Final = (
    FaultKind.DROP_AFTER_EFFECT,
    FaultKind.ERROR_AFTER_EFFECT,
    FaultKind.ERROR_INSTEAD_OF_EFFECT,
    FaultKind.GARBLED_BODY,
    FaultKind.SLOW,
)
"""After these faults, only the idempotency key or a lookup shows whether the call had an effect."""


@dataclass(frozen=True)
class Call:
    """The ``nth`` call to ``path`` in a publication. The path has ``{account}`` and ``{event}``."""

    method: str
    path: str
    nth: int

    def path_of(self, sale: Seller) -> str:
        return self.path.format(account=sale.account, event=sale.event_id)

    @property
    def group(self) -> tuple[str, str]:
        """The method and path without the tier: calls for different tiers are one group."""
        return self.method, self.path.partition("{event}")[0]


Case = tuple[Call, FaultKind]


async def calls_of_a_publication(stand_in: StandIn, sale: Seller) -> list[Call]:
    """The calls of a real publication, so that new calls are covered automatically."""
    await stand_in.control.delete("/requests")
    response = await sale.wizard.post("/publish")
    assert response.status_code == 200, response.text
    counts: Counter[tuple[str, str]] = Counter()
    calls = []
    for request in await stand_in.get("/requests"):
        path = request["path"].replace(sale.account, "{account}").replace(sale.event_id, "{event}")
        counts[request["method"], path] += 1
        calls.append(Call(request["method"], path, counts[request["method"], path]))
    return calls


def distributed(
    calls: list[Call], kinds: Callable[[Call], tuple[FaultKind, ...]]
) -> Iterator[Case]:
    """Pairs in which each call has a fault, and each group of calls has every kind of fault."""
    sizes = Counter(call.group for call in calls)
    positions: Counter[tuple[str, str]] = Counter()
    for call in calls:
        position, size, possible = positions[call.group], sizes[call.group], kinds(call)
        positions[call.group] += 1
        for kind in possible[position::size] or (possible[position % len(possible)],):
            yield call, kind


async def arm(stand_in: StandIn, sale: Seller, call: Call, kind: FaultKind) -> None:
    await stand_in.fail(
        kind,
        method=call.method,
        path=call.path_of(sale),
        account=None if "{account}" in call.path else sale.account,
        every=call.nth,
        seconds=STRIPE_TIMEOUT + 1 if kind is FaultKind.SLOW else 0,
    )


async def publish_all(
    cases: list[Case], survives: Callable[[Call, FaultKind], Awaitable[None]]
) -> None:
    """
    Raises:
        AssertionError: lists every case that failed.
    """
    places = asyncio.Semaphore(CONCURRENCY)

    async def failure_of(call: Call, kind: FaultKind) -> str | None:
        async with places:
            try:
                await survives(call, kind)
            except AssertionError as error:
                return f"{kind} at {call}: {error}"
        return None

    failures = await asyncio.gather(*(failure_of(*case) for case in cases))
    assert [failure for failure in failures if failure] == []


async def publish(sale: Seller) -> JsonObject:
    """The event. The request is repeated, as a client does, until it is published."""

    async def published() -> JsonObject | None:
        response = await sale.wizard.post("/publish", prefer="wait=20")
        assert response.status_code in {200, 202}, response.text
        return response.json() if response.status_code == 200 else None

    return await eventually(published, within=PUBLISHED_WITHIN, what="the publication")


async def assert_published_once(stand_in: StandIn, sale: Seller, event: JsonObject) -> None:
    """Also asserts that no object was created twice, active or not."""
    await assert_on_sale_once(stand_in, sale.account, event)
    created = await objects_of(stand_in, sale.account)
    assert {kind: len(objects) for kind, objects in created.items()} == dict.fromkeys(KINDS, 3)


async def test_each_tier_is_on_sale_once(api: System, stand_in: StandIn, sign_in: SignIn) -> None:
    async def survives(call: Call, kind: FaultKind) -> None:
        sale = await start_seller(sign_in(uuid4().hex), stand_in, *THREE_TIERS)
        await arm(stand_in, sale, call, kind)
        await assert_published_once(stand_in, sale, await publish(sale))

    async with running_worker(api, stripe_url=stand_in.url, stripe_timeout=STRIPE_TIMEOUT):
        clean = await start_seller(sign_in(uuid4().hex), stand_in, *THREE_TIERS)
        calls = await calls_of_a_publication(stand_in, clean)
        assert {call.method for call in calls} == {"GET", "POST"}
        cases = list(
            distributed(calls, lambda call: FAULTS_OF_READS if call.method == "GET" else TEMPORARY)
        )
        await publish_all(cases if IS_FULL else cases[::3], survives)
    assert await stand_in.get("/faults") == []


async def test_each_tier_is_on_sale_once_without_stored_keys(
    api: System, stand_in: StandIn, sign_in: SignIn
) -> None:
    async def survives(call: Call, kind: FaultKind) -> None:
        sale = await start_seller(sign_in(uuid4().hex), stand_in, *THREE_TIERS)
        await arm(stand_in, sale, call, kind)

        async def struck() -> bool:
            return sale.account not in {fault["account"] for fault in await stand_in.get("/faults")}

        publishing = asyncio.create_task(publish(sale))
        await eventually(struck, what=f"{kind} at {call}")
        await stand_in.post("/idempotency/expire")
        await assert_published_once(stand_in, sale, await publishing)

    async with running_worker(api, stripe_url=stand_in.url, stripe_timeout=STRIPE_TIMEOUT):
        clean = await start_seller(sign_in(uuid4().hex), stand_in, *THREE_TIERS)
        creating = [
            call for call in await calls_of_a_publication(stand_in, clean) if call.method == "POST"
        ]
        await publish_all(
            list(distributed(creating, lambda _: FAULTS_WITH_UNKNOWN_EFFECT)), survives
        )
