"""A system whose worker abandons sessions that are idle for two days."""

from collections.abc import AsyncIterator

import pytest

from tests.support.sweeping import ABANDON_AFTER
from tests.support.system import System, running_worker


@pytest.fixture
async def system(api: System) -> AsyncIterator[System]:
    async with running_worker(api, abandon_after=ABANDON_AFTER):
        yield api
