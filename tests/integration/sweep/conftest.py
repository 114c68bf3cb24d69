"""A system whose worker abandons what is idle for two days."""

from collections.abc import AsyncIterator

import pytest

from tests.support.sweeping import ABANDON_AFTER
from tests.support.system import System
from tests.support.workers import worker_for


@pytest.fixture
async def system(api: System) -> AsyncIterator[System]:
    async with worker_for(api, abandon_after=ABANDON_AFTER):
        yield api
