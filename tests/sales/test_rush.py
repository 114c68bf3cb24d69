"""A rush of buyers, of which ``python -m benchmarks rush`` is the full size."""

from typing import Final

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.sales.opening import market_in_process
from tests.sales.plans import (
    Asking,
    BuyerPlan,
    Deed,
    Delivery,
    SalePlan,
    TierPlan,
    Wave,
    Wish,
)
from tests.sales.playing import LONGEST_PLAY_SECONDS, play
from tests.sales.report import explained
from tests.support.postgres import Database
from tests.support.stand_in import StandIn

TICKETS: Final = 20
BUYERS: Final = 40

ALL_AT_ONCE: Final = Wave(
    buyers=tuple(
        BuyerPlan(number, Wish(((0, 1),)), Deed.PAY, Asking.ONCE) for number in range(BUYERS)
    ),
    delivery=Delivery.PROMPT,
    pauses=False,
)
PLAN: Final = SalePlan(
    seed=0,
    tiers=(TierPlan("General", 2500, TICKETS),),
    total_capacity=TICKETS,
    hall=TICKETS,
    waves=(ALL_AT_ONCE,),
)


@pytest.mark.timeout(LONGEST_PLAY_SECONDS)
async def test_a_rush_sells_exactly_all_tickets(
    temporal: WorkflowEnvironment, database: Database, stand_in: StandIn
) -> None:
    """Each buyer, with an address of its own, gets one ticket, or finds it sold out."""
    behind_a_proxy = {"trusted_proxies": ("127.0.0.1",), "holds_per_address": 1}
    async with market_in_process(temporal, database, stand_in, **behind_a_proxy) as market:
        played = await play(market, PLAN)

    assert not played.violations, explained(played)
    assert (played.sold, played.refused) == (TICKETS, BUYERS - TICKETS)
