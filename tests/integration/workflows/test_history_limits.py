"""A session stays far below the size of a history at which Temporal terminates a workflow.

``make limits`` runs this at full size; by default it is a sample of a few dozen saves.
"""

from dataclasses import replace
from typing import Final

import pytest

from domain.session import run_rules
from domain.session.run_rules import NEWEST_RULES, rules_of
from tests.support.full_size import IS_FULL
from tests.support.problem_documents import assert_problem
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import history_sizes
from tests.support.system import System, postgres_stopped
from tests.support.waiting import eventually
from tests.support.wizard import Wizard

CATCHING_UP: Final = 120.0

STAGES: Final = ("organizerSetup", "eventSetup", "venueSetup", "ticketSetup", "sponsorsMedia")
TEXTS: Final = {
    "organizerSetup": "bio",
    "eventSetup": "description",
    "venueSetup": "accessNote",
    "ticketSetup": "currency",
    "sponsorsMedia": "hashtag",
}
"""A draft keeps texts that are too long."""

MAX_HISTORY_BYTES: Final = 8 * 1024 * 1024


async def save(wizard: Wizard, number: int, size: int) -> int:
    """Saves a text of ``size`` bytes in one of five stages; returns the status of the answer."""
    stage = STAGES[number % len(STAGES)]
    text = f"{number} ".ljust(size, "x")
    saved = await wizard.save(stage, {TEXTS[stage]: text}, idempotency_key=f"save-{number}")
    if saved.status_code != 200:
        assert_problem(saved, 503, "unavailable")
        assert int(saved.headers["retry-after"]) >= 1
    return saved.status_code


async def test_large_sections_leave_histories_small(system: System, wizard: Wizard) -> None:
    saves = 1000 if IS_FULL else 60

    for number in range(saves):
        assert await save(wizard, number, 60_000) == 200, number
        if not IS_FULL and number % 20 == 19:  # beside other tests, writes are slower than saves
            await complete_session_rows(
                system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
            )

    rows = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
    )
    assert len(rows.revisions) == saves
    sizes = await history_sizes(system.temporal.client, wizard.session_id)
    assert len(sizes) > 1
    assert max(sizes) < MAX_HISTORY_BYTES


async def test_small_saves_are_accepted_while_postgres_is_away(
    system: System, wizard: Wizard
) -> None:
    saves = 2000 if IS_FULL else 100

    with postgres_stopped(system):
        for number in range(saves):
            assert await save(wizard, number, 100) == 200, number

    rows = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
    )
    assert len(rows.revisions) == saves


async def test_async_saves_are_kept_or_refused_at_once(system: System, wizard: Wizard) -> None:
    """None that was accepted is refused later."""
    accepted = 0
    with postgres_stopped(system):
        while True:
            text = f"{accepted} ".ljust(60_000, "x")
            saved = await wizard.save("organizerSetup", {"bio": text}, prefer="respond-async")
            if saved.status_code != 202:
                break
            accepted += 1

    assert_problem(saved, 503, "unavailable")
    assert accepted >= 60
    rows = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
    )
    assert rows.names == ["save_stage"] * accepted

    async def is_accepted_again() -> bool:
        saved = await wizard.save("organizerSetup", {"bio": "x"}, prefer="respond-async")
        return saved.status_code == 202

    await eventually(is_accepted_again, what="async saves of a session that the API sees again")


async def test_what_cannot_be_kept_is_refused_while_postgres_is_away(
    system: System, wizard: Wizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was acknowledged is there afterwards, once."""
    least = 300
    if not IS_FULL:
        least = 60
        smaller = replace(rules_of(NEWEST_RULES), history_bytes=5 * 1024 * 1024)
        monkeypatch.setattr(run_rules, "_RULES", (*run_rules._RULES[:-1], smaller))

    accepted = 0
    with postgres_stopped(system):
        while await save(wizard, accepted, 30_000) == 200:
            accepted += 1
        assert await save(wizard, accepted, 30_000) == 503

    assert accepted >= least
    rows = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
    )
    assert len(rows.revisions) == accepted

    async def is_accepted_again() -> bool:
        return await save(wizard, accepted, 30_000) == 200

    await eventually(is_accepted_again, what="a new run, which takes changes again")
