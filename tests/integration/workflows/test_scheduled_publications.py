"""A publication that is scheduled, and then cancelled or checked before its time."""

import json
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from domain.json_values import JsonObject
from tests.support.problem_documents import assert_problem
from tests.support.session_rows import (
    CAUGHT_UP_WITHIN,
    complete_session_rows,
    session_rows_of,
)
from tests.support.session_workflow import operator_page_of, session_handle, settle
from tests.support.system import System, pass_time
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, becomes_at_risk, publish, start_filled, untouched

DAY = timedelta(days=1)
LIFE = timedelta(days=7)


async def scheduled(wizard: Wizard, ahead: timedelta) -> Wizard:
    """Another session of the same person, to be published ``ahead`` of now."""
    wizard = await start_filled(wizard.http)
    at = datetime.now(UTC) + ahead
    planned = await wizard.post("/publish", {"publish_at": at.isoformat()})
    assert planned.status_code == 202, planned.text
    return wizard


async def has_status(system: System, wizard: Wizard, status: str) -> None:
    async def is_reached() -> bool:
        return (await session_rows_of(system.database, wizard.session_id)).status == status

    await eventually(
        is_reached, what=f"the status {status} in the read model", within=CAUGHT_UP_WITHIN
    )


async def last_action(wizard: Wizard, revision: int) -> JsonObject:
    async def written() -> JsonObject | None:
        actions = (await wizard.get("/actions")).json()["items"]
        return next((action for action in actions if action["revision"] == revision), None)

    action: JsonObject = await eventually(
        written, what="the action in the audit trail", within=CAUGHT_UP_WITHIN
    )
    return action


async def test_a_cancelled_publication_does_not_run(system: System, wizard: Wizard) -> None:
    """The session lives on for its ordinary lifetime, and can be scheduled again."""
    wizard = await scheduled(wizard, 20 * DAY)
    view = await wizard.view(consistent=True)
    planned = datetime.fromisoformat(view["publication"]["publish_at"])
    await pass_time(system, wizard, 10 * DAY)

    cancelled = await wizard.delete("/publication", idempotency_key="stop")

    assert cancelled.status_code == 200, cancelled.text
    view = cancelled.json()
    assert view["publication"] == {"state": "none", "steps": [], "error": None, "publish_at": None}
    updated, expires = (datetime.fromisoformat(view[name]) for name in ("updated_at", "expires_at"))
    assert expires - updated == LIFE
    action = await last_action(wizard, view["revision"])
    assert (action["name"], action["actor_id"]) == ("cancel_publication", "ada")
    assert action["idempotency_key"] == "stop"
    assert datetime.fromisoformat(action["detail"]) == planned
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    await pass_time(system, wizard, LIFE - timedelta(hours=1))
    assert (await wizard.view(consistent=True))["status"] == "in_progress"
    await pass_time(system, wizard, timedelta(hours=1, seconds=1))
    await has_status(system, wizard, "expired")
    assert (await session_rows_of(system.database, wizard.session_id)).events == []


async def test_operators_see_no_publication_after_it_is_cancelled(
    system: System, wizard: Wizard
) -> None:
    """Its timer, whose summary names the time, is cancelled as well."""
    wizard = await scheduled(wizard, 3 * DAY)
    client, session_id = system.temporal.client, wizard.session_id
    planned = (await wizard.view(consistent=True))["publication"]["publish_at"]
    await settle(client, session_id)
    before = await operator_page_of(client, session_id)

    view = (await wizard.delete("/publication")).json()

    after = await operator_page_of(client, session_id)
    assert f"scheduled for {shown(planned)}" in before
    assert "Publication" not in after
    assert f"Expires: {shown(view['expires_at'])}" in after
    described = await session_handle(client, session_id).describe()
    assert await described.static_summary() == "Event wizard session of user `ada`"
    assert "ublication" not in str(await described.static_details())
    assert await open_timers_of(client, session_id) == {"Session expires"}


def shown(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M:%S} UTC"


async def open_timers_of(client: Client, session_id: str) -> set[str]:
    """The summaries of the timers of the session that run, without their times."""
    events = (await session_handle(client, session_id).fetch_history()).events
    ended = {
        attributes.started_event_id
        for event in events
        for attributes in (
            event.timer_fired_event_attributes,
            event.timer_canceled_event_attributes,
        )
    }
    return {
        json.loads(event.user_metadata.summary.data).split(":")[0]
        for event in events
        if event.HasField("timer_started_event_attributes") and event.event_id not in ended
    }


async def test_a_cancelled_publication_can_be_scheduled_again(
    system: System, wizard: Wizard
) -> None:
    wizard = await scheduled(wizard, 3 * DAY)
    assert (await wizard.delete("/publication")).status_code == 200
    at = datetime.now(UTC) + 2 * DAY

    planned = await wizard.post("/publish", {"publish_at": at.isoformat()})

    assert planned.json()["publication"]["state"] == "scheduled", planned.text
    await pass_time(system, wizard, 2 * DAY + timedelta(seconds=1))
    await has_status(system, wizard, "completed")
    rows = await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    assert rows.names.count("cancel_publication") == 1


async def test_a_repeated_cancellation_changes_nothing(wizard: Wizard) -> None:
    """Nor does one without a scheduled publication, or one that is sent again later."""
    wizard = await scheduled(wizard, 3 * DAY)
    first = await wizard.delete("/publication", idempotency_key="stop")

    repeated = await wizard.delete("/publication", idempotency_key="stop")
    another = await wizard.delete("/publication", idempotency_key="another")

    assert repeated.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in another.headers
    assert repeated.json() == another.json() == first.json()
    at = datetime.now(UTC) + 2 * DAY
    await wizard.post("/publish", {"publish_at": at.isoformat()})
    async with untouched(wizard):
        late = await wizard.delete("/publication", idempotency_key="stop")
    assert late.json()["publication"]["state"] == "scheduled"


async def test_a_risk_within_the_last_day_is_found_at_once(wizard: Wizard) -> None:
    """Another event takes the slug before the publication does."""
    slug = f"show-{wizard.session_id}"[:50]
    wizard, other = [await start_filled(wizard.http, slug=slug) for _ in range(2)]
    at = datetime.now(UTC) + timedelta(hours=3)
    assert (await wizard.post("/publish", {"publish_at": at.isoformat()})).status_code == 202
    await publish(other)

    await wizard.save("eventSetup", {"title": "Another Show"})
    await wizard.save("reviewPublish", {"acceptTerms": True})

    await becomes_at_risk(wizard, expected=True)
    publication = (await wizard.view(consistent=True))["publication"]
    assert publication["state"] == "scheduled"
    assert [error["code"] for error in publication["error"]["errors"]] == ["slug_taken"]
    await wizard.save("eventSetup", {"slug": f"{slug[:48]}-2"})
    await wizard.save("reviewPublish", {"acceptTerms": True})
    await becomes_at_risk(wizard, expected=False)


async def test_a_closed_session_refuses_to_cancel(wizard: Wizard) -> None:
    wizard = await start_filled(wizard.http)
    await publish(wizard)

    refused = assert_problem(await wizard.delete("/publication"), 409, "session_closed")

    assert refused["session_status"] == "completed"
