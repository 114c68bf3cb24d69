"""The time of a refusal does not reveal whether a session of another tenant exists."""

import time
from statistics import median
from typing import Final
from uuid import uuid4

import httpx
import pytest

from tests.support.api import client_for, token
from tests.support.system import System
from tests.support.wizard import Wizard

REQUESTS: Final[dict[str, tuple[str, str, object]]] = {
    "view": ("GET", "", None),
    "save": ("PATCH", "/stages/organizerSetup", {"name": "Eve"}),
    "publish": ("POST", "/publish", None),
}

PAIRS: Final = 60
WARM_UP: Final = 5
MAX_RATIO: Final = 1.5
"""Maximum ratio of the medians; not a duration, because machines differ."""

ROUNDS: Final = 4
"""A difference in the code shows in each of them, and one that other processes cause does not."""


async def seconds(
    http: httpx.AsyncClient, session_id: str, request: tuple[str, str, object]
) -> float:
    method, suffix, body = request
    begin = time.perf_counter()
    response = await http.request(method, f"/v1/sessions/{session_id}{suffix}", json=body)
    taken = time.perf_counter() - begin
    assert response.status_code == 404
    return taken


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
async def test_a_foreign_session_takes_as_long_as_a_missing_one(
    system: System, wizard: Wizard, request_: tuple[str, str, object]
) -> None:
    medians = []
    async with client_for(system.address, token("eve")) as eve:
        for _ in range(ROUNDS):
            foreign, missing = [], []
            for _ in range(WARM_UP + PAIRS):
                foreign.append(await seconds(eve, wizard.session_id, request_))
                missing.append(await seconds(eve, str(uuid4()), request_))
            medians.append((median(foreign[WARM_UP:]), median(missing[WARM_UP:])))
            if max(medians[-1]) / min(medians[-1]) < MAX_RATIO:
                return

    raise AssertionError(f"medians in seconds, foreign and missing: {medians}")
