"""Thousands of saves of one session, over many runs of its workflow."""

import time
from itertools import cycle
from statistics import median
from typing import Final

import httpx
import pytest

from domain.json_values import JsonObject
from domain.session.run_rules import CHANGES_PER_RUN
from tests.races.arena import Arena
from tests.races.operations import FIELDS
from tests.support.full_size import IS_FULL
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import history_sizes
from tests.support.stage_data import STAGES, free_sections
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, published_event, start

SAVES: Final = 5_000 if IS_FULL else 2 * CHANGES_PER_RUN
COMPARED: Final = 4 * CHANGES_PER_RUN if IS_FULL else CHANGES_PER_RUN
"""Saves of this session and of a new one, in turn: both have the same machine."""

MOST_TIMES_A_NEW_SESSION: Final = 2.0
MAX_HISTORY_BYTES: Final = 512 * 1024


class EditedSession:
    """Saves by several clients in turn, and the data that the session must have."""

    def __init__(self, arena: Arena, session_id: str, data: dict[str, JsonObject]) -> None:
        self.wizards = cycle(Wizard(client, session_id) for client in arena.clients)
        self.stages = cycle(FIELDS)
        self.history: list[dict[str, JsonObject]] = [{}, data]
        """The data of each revision from 0."""

    async def save(self) -> float:
        """How many seconds it took. A busy machine may answer 503, and the save is repeated."""
        stage, number = next(self.stages), len(self.history)
        patch = {FIELDS[stage]: f"text{number}"}
        wizard = next(self.wizards)

        async def answered() -> httpx.Response | None:
            response = await wizard.save(stage, patch, idempotency_key=f"save-{number}")
            return None if response.status_code == 503 else response

        begun = time.perf_counter()
        saved = await eventually(answered, what="an answer to a save")
        seconds = time.perf_counter() - begun
        assert saved.status_code == 200, saved.text
        assert saved.json()["revision"] == number
        data = self.history[-1]
        self.history.append({**data, stage: {**data[stage], **patch}})
        return seconds


def data_of(view: JsonObject) -> dict[str, JsonObject]:
    return {stage: view["stages"][stage]["data"] for stage in STAGES[:-1]}


async def begin(arena: Arena, title: str) -> EditedSession:
    wizard = await start(arena.clients[0], free_sections(title=title))
    return EditedSession(arena, wizard.session_id, data_of(await wizard.view(consistent="true")))


async def trail_of(wizard: Wizard) -> list[JsonObject]:
    """The audit trail, from the first action."""
    actions: list[JsonObject] = []
    parameters: dict[str, str] = {"limit": "100", "view": "summary"}
    while True:
        page = (await wizard.get("/actions", **parameters)).json()
        actions += page["items"]
        if page["next_cursor"] is None:
            return actions[::-1]
        parameters["cursor"] = page["next_cursor"]


@pytest.mark.timeout(3_600 if IS_FULL else 300)
async def test_a_long_session_stays_as_cheap_as_a_new_one(arena: Arena) -> None:
    edited = await begin(arena, "Long show")
    for _ in range(SAVES):
        await edited.save()
    new = await begin(arena, "New show")
    pairs = [(await edited.save(), await new.save()) for _ in range(COMPARED)]
    wizard = next(edited.wizards)

    view = await wizard.view(consistent="true")
    assert data_of(view) == edited.history[-1]
    assert view["revision"] == len(edited.history) - 1
    seconds, seconds_of_new = map(median, zip(*pairs, strict=True))
    assert seconds <= MOST_TIMES_A_NEW_SESSION * seconds_of_new
    system = arena.system
    rows = await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    assert len(rows.revisions) == view["revision"]
    trail = await trail_of(wizard)
    revisions = [action["revision"] for action in trail]
    assert revisions == sorted(revisions)
    assert sorted(set(revisions)) == rows.revisions
    sizes = await history_sizes(system.temporal.client, wizard.session_id)
    assert len(sizes) >= SAVES // CHANGES_PER_RUN
    assert max(sizes) < MAX_HISTORY_BYTES

    middle = len(edited.history) // 2
    restored = await wizard.post("/restore", {"revision": middle})
    assert restored.status_code == 200, restored.text
    assert data_of(restored.json()) == edited.history[middle]
    await wizard.save("reviewPublish", {"acceptTerms": True})
    event = await published_event(wizard)
    assert event["title"] == "Long show"
