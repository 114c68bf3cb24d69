"""Sessions work while Postgres is unavailable; the read model catches up afterwards."""

from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import new_run_after, operator_page_of, run_of
from tests.support.stage_data import free_event
from tests.support.system import System, postgres_stopped, running_api
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, published_event, start, start_filled

CATCHING_UP = 30.0


async def test_saves_succeed_and_the_read_model_catches_up(system: System, wizard: Wizard) -> None:
    with postgres_stopped(system):
        for stage, data in free_event().items():
            saved = await wizard.save(stage, data, prefer="respond-async")
            assert saved.status_code == 202, saved.text
            completed = await wizard.complete(stage)
            assert completed.status_code == 200, completed.text
        view = await wizard.view()
        assert view["revision"] == completed.json()["revision"]
        second = await start(wizard.http)
        details = await operator_page_of(system.temporal.client, wizard.session_id)
        assert "at **reviewPublish**" in details
        assert "**Read model**: behind since" in details

    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
    )
    assert records.names == ["save_stage", "complete_stage"] * len(free_event())

    async def is_up_to_date() -> bool:
        details = await operator_page_of(system.temporal.client, wizard.session_id)
        return "**Read model**: up to date" in details

    await eventually(is_up_to_date, what="details of a session that is up to date")
    await complete_session_rows(
        system.database, system.temporal.client, second.session_id, within=CATCHING_UP
    )


async def test_another_api_queries_the_workflow_of_a_session(
    system: System, wizard: Wizard
) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})
    async with (
        running_api(system.temporal, system.database) as second_api,
        client_for(second_api.address, token("ada")) as http,
        client_for(second_api.address, token("mallory")) as stranger,
    ):
        with postgres_stopped(system):
            own = await Wizard(http, wizard.session_id).get()
            foreign = await Wizard(stranger, wizard.session_id).get()

        assert own.status_code == 200, own.text
        assert own.json()["stages"]["organizerSetup"]["data"] == {"name": "Ada"}
        assert foreign.status_code == 404


async def test_a_publication_waits_for_postgres(system: System, wizard: Wizard) -> None:
    wizard = await start_filled(wizard.http)
    with postgres_stopped(system):
        accepted = await wizard.post("/publish", prefer="wait=0")
        assert accepted.status_code == 202, accepted.text
        assert accepted.json()["publication"]["state"] == "running"
        refused = await wizard.save("eventSetup", {"title": "Too late"})
        assert refused.status_code == 409
        assert refused.json()["code"] == "publishing"

    event = await published_event(wizard)
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
    )
    assert records.events == [(event["event_id"], "published")]


async def test_pending_actions_may_exceed_the_input_limit_of_a_run(
    system: System, wizard: Wizard
) -> None:
    """Temporal suggests a new run, but accepts no more than two megabytes for its start."""
    saves = 60
    first_run = await run_of(system.temporal.client, wizard.session_id)
    with postgres_stopped(system):
        for number in range(saves):
            saved = await wizard.save("organizerSetup", {"bio": f"{number} {'x' * 60_000}"})
            assert saved.status_code == 200, saved.text

    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id, within=CATCHING_UP
    )
    assert len(records.revisions) == saves
    later = await wizard.save("organizerSetup", {"bio": "short"})
    assert later.status_code == 200, later.text
    await new_run_after(system.temporal.client, wizard.session_id, first_run)
