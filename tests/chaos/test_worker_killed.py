"""``kill -9`` of the worker: the session continues where it was, and no step takes effect twice."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
from temporalio.testing import WorkflowEnvironment

from tests.support.activity_faults import CRASH_MOMENTS, CrashPoint
from tests.support.postgres import Database
from tests.support.processes import Processes
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import query_session, settle
from tests.support.stage_data import free_event
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, publication_of, start, start_filled

ATTEMPT_LIMIT = 5.0
"""Seconds after which Temporal retries an activity of a dead worker."""

PATIENCE = 12 * ATTEMPT_LIMIT
"""Each publication loses one attempt; the rest is reserve, because all run at the same time."""


CRASH_POINTS = [
    *(
        CrashPoint(activity, moment)
        for activity in (
            "gather_publish_facts",
            "reserve_event",
            "publish_event",
        )
        for moment in CRASH_MOMENTS
    ),
    *(CrashPoint("project_session", moment) for moment in CRASH_MOMENTS),
    *(CrashPoint("release_event", moment, fails="publish_event") for moment in CRASH_MOMENTS),
]


async def test_a_publication_survives_a_crash_at_any_moment(
    temporal: WorkflowEnvironment,
    database: Database,
    processes: Processes,
    ada: httpx.AsyncClient,
) -> None:
    """One test for all crash points, because each waits for the same timeout."""
    steady = await processes.worker()
    wizards = dict(
        zip(
            CRASH_POINTS,
            await asyncio.gather(
                *(start_filled(ada, slug=f"show-{number}") for number, _ in enumerate(CRASH_POINTS))
            ),
            strict=True,
        )
    )
    await settle(temporal.client, *(wizard.session_id for wizard in wizards.values()))
    steady.stop()
    for point, wizard in wizards.items():
        await crash_while_publishing(processes, wizard, point)

    await processes.worker()

    for point, wizard in wizards.items():
        await wait_until_settled(wizard, point)
        records = await complete_session_rows(database, temporal.client, wizard.session_id)
        view = await query_session(temporal.client, wizard.session_id)
        if point.fails:
            assert view.publication.state == "failed", point
            assert view.status == "in_progress", point
            assert records.names.count("fail_publication") == 1, point
        else:
            assert view.status == "completed", point
            assert records.names.count("publish_event") == 1, point


async def crash_while_publishing(processes: Processes, wizard: Wizard, point: CrashPoint) -> None:
    worker = await processes.crashing_worker(*point.faults(wizard.session_id))
    accepted = await wizard.post("/publish", prefer="wait=0")
    assert accepted.status_code == 202, accepted.text
    await eventually(worker.killed_itself, what=f"the crash at {point}")


async def wait_until_settled(wizard: Wizard, point: CrashPoint) -> None:
    async def is_settled() -> bool:
        return await publication_of(wizard) in {"published", "failed"}

    await eventually(is_settled, within=PATIENCE, what=f"the end after {point}")


async def test_a_session_survives_a_crash_between_any_two_steps(
    temporal: WorkflowEnvironment,
    database: Database,
    processes: Processes,
    ada: httpx.AsyncClient,
) -> None:
    worker = await processes.worker()
    wizard = await start(ada)
    for step in steps_of_a_session(wizard):
        worker.kill()
        response, worker = await asyncio.gather(step(), processes.worker())
        assert response.status_code == 200, response.text
    event_id = response.json()["event_id"]
    worker.kill()

    await processes.worker()

    records = await complete_session_rows(database, temporal.client, wizard.session_id)
    assert records.status == "completed"
    assert records.events == [(event_id, "published")]
    assert [name for name in records.names if name != "publication_step"] == [
        *["save_stage", "complete_stage"] * 2,
        *["save_stage"] * 2,
        *["complete_stage", "move_to_stage", "move_to_stage"],
        *["save_stage", "complete_stage"] * 3,
        *["start_publication", "publish_event"],
    ]


def steps_of_a_session(wizard: Wizard) -> list[Callable[[], Awaitable[httpx.Response]]]:
    data = free_event()
    moves = [
        {"from_stage": "ticketSetup", "to_stage": "venueSetup"},
        {"from_stage": "venueSetup", "to_stage": "ticketSetup"},
    ]
    venue = data["venueSetup"]
    return [
        lambda: wizard.save("organizerSetup", data["organizerSetup"]),
        lambda: wizard.complete("organizerSetup"),
        lambda: wizard.complete("eventSetup", data["eventSetup"]),
        lambda: wizard.save("venueSetup", {"mode": venue["mode"]}),
        lambda: wizard.save("venueSetup", venue),
        lambda: wizard.complete("venueSetup"),
        *(lambda body=body: wizard.post("/transition", body) for body in moves),
        lambda: wizard.complete("ticketSetup", data["ticketSetup"]),
        lambda: wizard.complete("sponsorsMedia", data["sponsorsMedia"]),
        lambda: wizard.complete("reviewPublish", data["reviewPublish"]),
        lambda: wizard.post("/publish", prefer="wait=20"),
    ]


async def test_a_save_in_flight_while_the_worker_dies_is_applied_once(
    temporal: WorkflowEnvironment,
    database: Database,
    processes: Processes,
    ada: httpx.AsyncClient,
) -> None:
    worker = await processes.worker()
    wizard = await start(ada)
    saves = {
        f"key-{number}": asyncio.create_task(
            wizard.save(
                "organizerSetup", {"name": f"Ada {number}"}, idempotency_key=f"key-{number}"
            )
        )
        for number in range(8)
    }
    await saves["key-0"]

    worker.kill()
    await processes.worker()

    answers = {key: await save for key, save in saves.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    revisions = {key: answer.json()["revision"] for key, answer in answers.items()}
    assert sorted(revisions.values()) == list(range(1, len(saves) + 1))
    repeated = await wizard.save("organizerSetup", {"name": "Ada 3"}, idempotency_key="key-3")
    assert repeated.headers["idempotent-replayed"] == "true"
    assert repeated.json()["revision"] == len(saves)
    records = await complete_session_rows(database, temporal.client, wizard.session_id)
    assert records.names == ["save_stage"] * len(saves)
