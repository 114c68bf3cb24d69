"""Notifications about real sessions: one for each notified action, and no others."""

from datetime import datetime, timedelta

import httpx

from activities.notifications import Notifying
from domain import ids
from domain.session.run_rules import CHANGES_PER_RUN
from tests.integration.notifications.outbox import delivered, delivery_of, rows_of
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.api import client_for, token
from tests.support.notification_receiver import NotificationReceiver
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import (
    new_run_after,
    operator_page_of,
    run_of,
    session_handle,
)
from tests.support.system import System, pass_time, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, becomes_at_risk, publish, published_event, start_filled

DAY = timedelta(days=1)
CANARIES = ["Zarquon", "Vogsphere", "Betelgeuse"]


async def test_a_published_session_is_notified(
    system: System, receiver: NotificationReceiver, ada: httpx.AsyncClient
) -> None:
    wizard = await start_filled(ada)
    event = await published_event(wizard)

    (message,) = await receiver.gets(1)

    (row,) = await delivered(system.database, 1)
    view = await wizard.view()
    assert message.verified() == {
        "type": "session.published",
        "timestamp": datetime.fromisoformat(view["updated_at"]).isoformat(),
        "data": {
            "session_id": wizard.session_id,
            "user_id": "ada",
            "organization_id": None,
            "revision": view["revision"],
            "event_id": event["event_id"],
        },
    }
    assert (row.id, row.content, row.attempts) == (message.id, message.content, 1)
    assert (row.session_id, row.user_id, row.kind) == (wizard.session_id, "ada", message.kind)


async def test_a_failed_publication_and_its_success_are_notified(
    api: System, receiver: NotificationReceiver, notifying: Notifying, ada: httpx.AsyncClient
) -> None:
    async with running_worker(api):
        wizard = await start_filled(ada)
    pending = [fail_for_good]
    fault = Fault(
        ids.session_workflow_id(wizard.session_id),
        "publish_event",
        "before",
        lambda: pending.pop()() if pending else None,
    )
    async with running_worker(api, notifying=notifying, interceptors=[fault]):
        assert (await wizard.post("/publish")).status_code == 409
        (failed,) = await receiver.gets(1)
        await publish(wizard)
        _, published = await receiver.gets(2)

        await delivered(api.database, 2)
    assert (failed.kind, published.kind) == ("session.publish_failed", "session.published")
    assert failed.content["data"]["error"] == "publish_failed"
    assert failed.id != published.id


async def test_an_expiring_session_is_notified_twice(
    system: System, receiver: NotificationReceiver, ada: httpx.AsyncClient
) -> None:
    """Each notification is sent once, even if the session continues as new in between."""
    async with client_for(system.address, token("ada", "acme")) as http:
        wizard = Wizard(http, (await http.post("/v1/sessions", json={})).json()["session_id"])
        created = datetime.fromisoformat((await wizard.view())["created_at"])
        await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
        await pass_time(system, wizard, 6 * DAY - timedelta(hours=1))
        assert (await wizard.save("organizerSetup", {"name": "Ada"})).status_code == 200
        assert receiver.received == []
        await pass_time(system, wizard, timedelta(hours=1, seconds=1))
        (expiring,) = await receiver.gets(1)
        first_run = await run_of(system.temporal.client, wizard.session_id)
        for number in range(CHANGES_PER_RUN):
            await wizard.save("organizerSetup", {"name": f"Ada {number}"})
        await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
        await new_run_after(system.temporal.client, wizard.session_id, first_run)
        await pass_time(system, wizard, DAY)

        _, expired = await receiver.gets(2)
        records = await complete_session_rows(
            system.database, system.temporal.client, wizard.session_id
        )
    assert (expiring.kind, expired.kind) == ("session.expiring", "session.expired")
    assert expiring.content["data"] == {
        "session_id": wizard.session_id,
        "user_id": "ada",
        "organization_id": "acme",
        "revision": 2,
        "expires_at": (created + 7 * DAY).isoformat(),
    }
    assert datetime.fromisoformat(expiring.content["timestamp"]) >= created + 6 * DAY
    assert datetime.fromisoformat(expired.content["timestamp"]) >= created + 7 * DAY
    assert (records.names.count("remind"), records.names[-1]) == (1, "expire")


async def test_a_planned_publication_needs_no_reminder(
    system: System, receiver: NotificationReceiver, ada: httpx.AsyncClient
) -> None:
    """Nor at the original deadline, which the publication has extended."""
    wizard = await start_filled(ada)
    at = datetime.fromisoformat((await wizard.view())["created_at"]) + 20 * DAY
    assert (await wizard.post("/publish", {"publish_at": at.isoformat()})).status_code == 202

    await pass_time(system, wizard, 20 * DAY + timedelta(seconds=1))

    (message,) = await receiver.gets(1)
    assert message.kind == "session.published"
    records = await complete_session_rows(
        system.database, system.temporal.client, wizard.session_id
    )
    assert "remind" not in records.names


async def test_a_publication_at_risk_is_notified_once_per_change(
    system: System, receiver: NotificationReceiver, ada: httpx.AsyncClient
) -> None:
    """A day ahead, and whenever it would fail again after a correction."""
    wizard = await start_filled(ada)
    at = datetime.fromisoformat((await wizard.view())["created_at"]) + 10 * DAY
    assert (await wizard.post("/publish", {"publish_at": at.isoformat()})).status_code == 202
    await wizard.save("eventSetup", {"title": "Autumn Show"})
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    await pass_time(system, wizard, 9 * DAY - timedelta(hours=1))
    assert (await wizard.view(consistent=True))["publication"]["error"] is None
    assert receiver.received == []

    await pass_time(system, wizard, timedelta(hours=1, seconds=1))

    (first,) = await receiver.gets(1)
    view = await wizard.view(consistent=True)
    assert first.content["type"] == "session.publish_at_risk"
    assert first.content["data"] == {
        "session_id": wizard.session_id,
        "user_id": "ada",
        "organization_id": None,
        "revision": view["revision"],
        "publish_at": at.isoformat(),
        "checks": ["terms_not_accepted"],
    }
    assert (view["status"], view["publication"]["state"]) == ("in_progress", "scheduled")
    assert view["publication"]["error"]["code"] == "publish_blocked"
    page = await operator_page_of(system.temporal.client, wizard.session_id)
    assert "the scheduled publication fails" in page
    await wizard.save("eventSetup", {"title": "Winter Show"})
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    await wizard.save("reviewPublish", {"acceptTerms": True})
    await becomes_at_risk(wizard, expected=False)
    await wizard.save("eventSetup", {"title": "Spring Show"})
    await becomes_at_risk(wizard, expected=True)

    _, second = await receiver.gets(2)
    rows = await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    assert second.kind == "session.publish_at_risk"
    risks = ("publication_at_risk", "check_publication")
    assert [name for name in rows.names if name in risks] == [risks[0], risks[1], risks[0]]


async def test_an_abandoned_session_is_not_notified(
    system: System, receiver: NotificationReceiver, ada: httpx.AsyncClient
) -> None:
    wizard = await start_filled(ada)
    await wizard.post("/abandon")
    await session_handle(system.temporal.client, wizard.session_id).result()

    assert await rows_of(system.database) == []
    assert receiver.received == []


async def test_notifications_are_off_by_default(api: System, ada: httpx.AsyncClient) -> None:
    async with running_worker(api):
        wizard = await start_filled(ada)
        await publish(wizard)
        filled = await start_filled(ada)
        await pass_time(api, filled, 7 * DAY + timedelta(seconds=1))
        for session in (wizard, filled):
            await session_handle(api.temporal.client, session.session_id).result()
        records = await complete_session_rows(api.database, api.temporal.client, filled.session_id)

    assert "remind" not in records.names
    assert await rows_of(api.database) == []


async def test_notifications_hold_no_input(system: System, receiver: NotificationReceiver) -> None:
    """Neither at the receiver, nor in the outbox, nor at Temporal."""
    title, name, mail = CANARIES
    async with client_for(system.address, token("u-1", email=f"{mail}@example.com")) as http:
        wizard = await start_filled(http, title=f"{title} Show", slug="the-gala")
        await wizard.save("organizerSetup", {"name": name})
        await wizard.complete("reviewPublish", {"acceptTerms": True})
        await publish(wizard)

        (message,) = await receiver.gets(1)

    (row,) = await delivered(system.database, 1)
    handle = delivery_of(system, row.id)
    described = await handle.describe()
    texts = [
        row,
        message,
        described.raw_description,
        await described.static_summary(),
        await handle.fetch_history(),
    ]
    for text in map(str, texts):
        assert not [canary for canary in CANARIES if canary.casefold() in text.casefold()], text


async def test_a_reminder_is_sent_once_a_worker_notifies(
    api: System, receiver: NotificationReceiver, notifying: Notifying, ada: httpx.AsyncClient
) -> None:
    """An open session learns of the setting at its next change."""
    async with running_worker(api):
        wizard = await start_filled(ada)
        await pass_time(api, wizard, 6 * DAY + timedelta(hours=1))
        await complete_session_rows(api.database, api.temporal.client, wizard.session_id)
    async with running_worker(api, notifying=notifying):
        assert (await wizard.save("organizerSetup", {"bio": "Bio"})).status_code == 200

        (message,) = await receiver.gets(1)

        async def is_noted() -> bool:
            return bool((await rows_of(api.database))[0].delivered_at)

        await eventually(is_noted)
    assert message.kind == "session.expiring"
