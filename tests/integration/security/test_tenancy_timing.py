"""How long a refusal takes does not tell "not yours" from "not there"."""

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
MOST: Final = 1.5
"""Of one median to the other: a ratio, because machines differ."""


async def seconds(
    http: httpx.AsyncClient, session_id: str, asked: tuple[str, str, object]
) -> float:
    method, suffix, body = asked
    begin = time.perf_counter()
    response = await http.request(method, f"/v1/sessions/{session_id}{suffix}", json=body)
    taken = time.perf_counter() - begin
    assert response.status_code == 404
    return taken


@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS.keys())
async def test_a_foreign_session_takes_as_long_as_a_missing_one(
    system: System, wizard: Wizard, asked: tuple[str, str, object]
) -> None:
    theirs, absent = [], []
    async with client_for(system.address, token("eve")) as eve:
        for _ in range(WARM_UP + PAIRS):
            theirs.append(await seconds(eve, wizard.session_id, asked))
            absent.append(await seconds(eve, str(uuid4()), asked))

    of_theirs, of_absent = median(theirs[WARM_UP:]), median(absent[WARM_UP:])
    ratio = max(of_theirs, of_absent) / min(of_theirs, of_absent)
    assert ratio < MOST, f"{of_theirs * 1000:.1f} ms theirs, {of_absent * 1000:.1f} ms absent"
