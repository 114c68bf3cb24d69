"""Plays a run: clients on their journeys while faults happen, and judges its end."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx

from domain import ids
from tests.chaos.agent_journey import AgentJourney
from tests.chaos.asking import ATTEMPT_SECONDS, Asker, Ledger, Patience
from tests.chaos.assistant_journey import AssistantJourney
from tests.chaos.evidence import Collector
from tests.chaos.faults import FaultInjector
from tests.chaos.journeys import Journey
from tests.chaos.judge import RunEvidence, Violation, judge
from tests.chaos.model import SessionModel
from tests.chaos.plan import (
    CLIENTS,
    FaultKind,
    JourneyKind,
    JourneyPlan,
    PlannedFault,
    faults_of,
    journey_of,
)
from tests.chaos.stack import ChaosStack, chaos_stack
from tests.chaos.watching import Watcher
from tests.sales.buyers import Buyer
from tests.sales.evidence import history_lines
from tests.sales.market import Market, Sale
from tests.sales.opening import market_on_stack
from tests.support.api import client_for

PATIENCE_SECONDS: Final = 240.0
"""How long after the faults a client waits for an answer."""

SETTLED_WITHIN_SECONDS: Final = 240.0
"""How long after its end a run may take until everything is as acknowledged. An event of Stripe
that came without Temporal is processed by a schedule that runs each minute."""

_PAST_THE_CHECKOUT: Final = timedelta(minutes=37)
_PAUSE_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Result:
    """The result of a run. ``log`` explains the violations."""

    seed: int
    seconds: float
    faults: Counter[tuple[FaultKind, str]]
    """How many there were, by kind and target."""
    ledger: Ledger
    evidence: RunEvidence
    settled_after: float
    """Seconds from the end of the faults until everything was as acknowledged."""
    violations: list[Violation]
    log: list[str]


@asynccontextmanager
async def play(
    seed: int,
    seconds: float,
    say: Callable[[str], None],
    *,
    clients: int = CLIENTS,
    faults: Sequence[PlannedFault] | None = None,
) -> AsyncIterator[Result]:
    """A run on a stack of its own, which runs until the end of the block.

    Args:
        faults: in place of those of the seed.
    """
    planned = faults_of(seed, seconds) if faults is None else faults
    async with chaos_stack() as chaos, market_on_stack(chaos.bench) as market:
        yield await _Run(seed, seconds, chaos, market, say).play(clients, planned)


class _Run:
    def __init__(
        self,
        seed: int,
        seconds: float,
        chaos: ChaosStack,
        market: Market,
        say: Callable[[str], None],
    ) -> None:
        self._seed = seed
        self._seconds = seconds
        self._chaos = chaos
        self._market = market
        self._ledger = Ledger()
        self._report_line = say
        self._patience = Patience(PATIENCE_SECONDS)
        self._models: list[SessionModel] = []
        self._journeys: list[Journey] = []
        self._watchers: dict[str, Watcher] = {}
        self._watching: set[asyncio.Task[None]] = set()
        self._direct: dict[str, httpx.AsyncClient] = {}
        self._http = AsyncExitStack()

    async def play(self, clients: int, planned: Sequence[PlannedFault]) -> Result:
        if self._chaos.disk is None:
            self._say("the disk of Postgres never becomes full: no file system can be mounted")
        faults = FaultInjector(self._chaos, self._market, self._say)
        async with self._http:
            try:
                await self._travel_all(clients, planned, faults)
                healed = time.monotonic()
                evidence, violations = await self._settle()
                settled_after = time.monotonic() - healed
                log = await self._explain(violations)
            finally:
                faults.release()
                for task in self._watching:
                    task.cancel()
                await asyncio.gather(*self._watching, return_exceptions=True)
        return Result(
            seed=self._seed,
            seconds=self._seconds,
            faults=faults.done,
            ledger=self._ledger,
            evidence=evidence,
            settled_after=settled_after,
            violations=violations,
            log=log,
        )

    def _say(self, text: str) -> None:
        self._report_line(f"{time.monotonic() - self._ledger.began:6.1f} s  {text}")

    async def _travel_all(
        self, clients: int, planned: Sequence[PlannedFault], faults: FaultInjector
    ) -> None:
        """Returns when all clients are at the end of a journey, and all faults are healed."""
        ends = time.monotonic() + self._seconds
        travelling = [asyncio.create_task(self._travel(number, ends)) for number in range(clients)]
        try:
            await faults.carry_out(planned)
            await asyncio.sleep(max(0.0, ends - time.monotonic()))
            await faults.heal()
            self._say("healed")
            self._patience.all_is_healed()
            await asyncio.gather(*travelling)
        finally:
            for task in travelling:
                task.cancel()
            await asyncio.gather(*travelling, return_exceptions=True)

    async def _travel(self, client: int, ends: float) -> None:
        """One journey after the other."""
        number = 0
        while time.monotonic() < ends:
            await self._one_journey(client, number)
            number += 1

    async def _one_journey(self, client: int, number: int) -> None:
        plan = journey_of(self._seed, client, number)
        user = f"organizer-{plan.name}"
        model = SessionModel(plan, user=user)
        self._models.append(model)
        address, organization = self._chaos.address, plan.organization
        members = [user, f"colleague-{plan.name}"] if organization else [user]
        askers = [
            Asker(
                await self._open(address, member, organization),
                self._ledger,
                self._patience,
                lambda text: model.note(f"{time.strftime('%X')} {text}"),
            )
            for member in members
        ]
        self._direct[user] = await self._open(self._chaos.bench.stack.api_url, user, organization)
        watching = asyncio.create_task(
            self._watch(await self._open(address, user, organization), model)
        )
        self._watching.add(watching)
        await self._journey(plan, askers, model).travel()

    def _journey(
        self, plan: JourneyPlan, askers: Sequence[Asker], model: SessionModel
    ) -> Journey | AgentJourney:
        bench = self._chaos.bench
        if plan.kind is JourneyKind.AGENT:
            bearer = bench.token(model.user)
            return AgentJourney(plan, self._chaos.address, bearer, askers[0], model)
        kind = AssistantJourney if plan.kind is JourneyKind.TALK else Journey
        elsewhere = bench.token(model.user, f"elsewhere-{plan.name}")
        journey = kind(plan, self._market, askers, model, elsewhere=elsewhere)
        self._journeys.append(journey)
        return journey

    async def _watch(self, http: httpx.AsyncClient, model: SessionModel) -> None:
        """Watches the session as soon as it exists."""
        await model.created.wait()
        watcher = Watcher(http, model.session_id)
        self._watchers[model.session_id] = watcher
        await watcher.watch()

    async def _open(self, address: str, user: str, organization: str | None) -> httpx.AsyncClient:
        http = client_for(address, self._chaos.bench.token(user, organization))
        http.timeout = httpx.Timeout(ATTEMPT_SECONDS)
        return await self._http.enter_async_context(http)

    async def _settle(self) -> tuple[RunEvidence, list[Violation]]:
        """The evidence once nothing is wrong in it, or when the time for that is over."""
        sales = self._sales()
        await self._end_checkouts(sales)
        collector = Collector(self._market, self._models, self._direct)
        gives_up = time.monotonic() + SETTLED_WITHIN_SECONDS
        while True:
            evidence = await collector.collect(self._watchers, sales)
            if all(violation.is_final for violation in judge(evidence)):
                break
            if time.monotonic() > gives_up:
                self._say("not everything is as acknowledged")
                break
            await asyncio.sleep(_PAUSE_SECONDS)
        evidence = await collector.with_logs(evidence, self._chaos.bench.state.log("api"))
        return evidence, judge(evidence)

    def _sales(self) -> list[tuple[Sale, list[Buyer]]]:
        return [
            (journey.sale, journey.buyers) for journey in self._journeys if journey.sale is not None
        ]

    async def _end_checkouts(self, sales: list[tuple[Sale, list[Buyer]]]) -> None:
        """Lets the time of open checkouts pass at Stripe, whose buyers have left."""
        for sale, _ in sales:
            for session in await self._market.objects("checkout.session", sale.account):
                if session["status"] == "open":
                    await self._market.control(
                        f"/checkout_sessions/{session['id']}/clock",
                        seconds=int(_PAST_THE_CHECKOUT.total_seconds()),
                    )

    async def _explain(self, violations: list[Violation]) -> list[str]:
        """The operations and the histories of the sessions and orders in question."""
        lines: list[str] = []
        found = {violation.session_id for violation in violations if violation.session_id}
        for model in self._models:
            if model.session_id in found or (model.wrong_answers and not model.exists):
                lines.append(f"  operations of {model.session_id} ({model.plan.kind}):")
                lines += [f"    {line}" for line in model.log]
                lines += await self._history(ids.session_workflow_id(model.session_id))
        orders = {violation.order_id for violation in violations if violation.order_id}
        for journey in self._journeys:
            if orders or journey.model.session_id in found:
                lines += sorted(f"  {line}" for buyer in journey.buyers for line in buyer.log)
        for order_id in sorted(orders):
            lines += await self._history(ids.order_workflow_id(order_id))
        return lines

    async def _history(self, workflow_id: str) -> list[str]:
        lines = await history_lines(self._market.temporal, workflow_id)
        return [f"  history of {workflow_id}:", *(f"    {line}" for line in lines)]
