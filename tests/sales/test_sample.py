"""Five sales by model in process, smaller than those that ``make sales`` plays."""

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.sales.opening import market_in_process
from tests.sales.plans import SAMPLE, SAMPLE_SEEDS, plan_of
from tests.sales.playing import LONGEST_PLAY_SECONDS, play
from tests.sales.report import failure
from tests.support.postgres import Database
from tests.support.stand_in import StandIn


@pytest.mark.timeout(LONGEST_PLAY_SECONDS)
@pytest.mark.parametrize("seed", SAMPLE_SEEDS)
async def test_a_sale_by_model_keeps_its_promises(
    temporal: WorkflowEnvironment, database: Database, stand_in: StandIn, seed: int
) -> None:
    async with market_in_process(temporal, database, stand_in) as market:
        played = await play(market, plan_of(seed, buyers=SAMPLE))
    assert not played.violations, failure(played)
    assert played.sold > 0
