"""Records the histories of sessions of every kind, for ``test_replay.py``.

    python -m tests.replay.record [-k kind]

A history represents the sessions of its kind that are open while a new version is deployed.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.notifications import Notifying
from dev.session_histories import wait_until_idle
from domain import ids
from domain.session.run_rules import CHANGES_PER_RUN
from tests.integration.webhooks.stripe_inbox import store
from tests.replay.recording import Recording
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.notification_receiver import running_receiver, running_sender
from tests.support.paid_sessions import THREE_TIERS, connect, paid_event, start_seller
from tests.support.session_workflow import session_handle
from tests.support.stage_data import by_section, free_event
from tests.support.stand_in import StandIn
from tests.support.stripe_events import thin
from tests.support.system import System, running_worker
from tests.support.ticket_orders import Sale, open_sale
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, becomes_at_risk, fill_in, start, start_filled


async def ended(system: System, wizard: Wizard) -> None:
    await session_handle(system.temporal.client, wizard.session_id).result()


async def published(wizard: Wizard) -> None:
    answer = await wizard.post("/publish", prefer="wait=30")
    assert answer.status_code == 200, answer.text


async def test_published(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start_filled(ada)
    async with recording.of("published", wizard):
        await wizard.save("organizerSetup", {"bio": "Bio"}, prefer="respond-async")
        await wizard.complete("reviewPublish", {"acceptTerms": True})
        await published(wizard)
        await ended(system, wizard)


async def test_in_progress(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    """With refused messages, and one that is repeated."""
    wizard = await start(ada)
    async with recording.of("in-progress", wizard):
        data = free_event()
        await wizard.complete("organizerSetup", {"bio": "Bio"})
        await wizard.save("organizerSetup", {"nmae": "Ada"})
        for _ in range(2):
            await wizard.complete(
                "organizerSetup", data["organizerSetup"], idempotency_key="complete"
            )
        await wizard.save("eventSetup", {"title": "Spring Show"}, if_match='"0"')
        await wizard.save("eventSetup", data["eventSetup"], prefer="respond-async")
        await session_handle(system.temporal.client, wizard.session_id).signal(
            ids.SIGNAL_STAGE_DATA, {"stage": "nowhere"}
        )
        step = {"from_stage": "eventSetup", "to_stage": "organizerSetup"}
        await wizard.post("/transition", step)
        await wizard.post("/restore", {"revision": 1})


async def test_signals_refused(
    recording: Recording, system: System, ada: httpx.AsyncClient, user: str
) -> None:
    """Of a stage that is not the current one, and too large for an earlier release."""
    wizard = await start(ada)
    async with recording.of("signals-refused", wizard):
        await wizard.save("organizerSetup", {"name": "Ada"})
        handle = session_handle(system.temporal.client, wizard.session_id)
        sent = {"actor": {"user_id": user}, "message_id": "m-1"}
        move = {"from_stage": "venueSetup", "to_stage": "eventSetup"}
        await wait_until_idle(system.temporal.client, wizard.session_id)
        await handle.signal(ids.SIGNAL_TRANSITION, {**sent, **move})
        await wait_until_idle(system.temporal.client, wizard.session_id)
        save = {"stage": "organizerSetup", "data": {"bio": "x" * 100_000}}
        await handle.signal(ids.SIGNAL_STAGE_DATA, {**sent, **save, "message_id": "m-2"})
        await wait_until_idle(system.temporal.client, wizard.session_id)
        await wizard.save("organizerSetup", {"bio": "After"})


async def test_long(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    """Moves through all stages over several runs, and is published."""
    wizard = await start_filled(ada)
    async with recording.of("long", wizard):
        stages = list(free_event())
        for number in range(CHANGES_PER_RUN):
            stage = stages[number % 2]
            field = "bio" if stage == "organizerSetup" else "summary"
            saved = await wizard.save(stage, {field: f"Version {number}"})
            assert saved.status_code == 200, saved.text
        for target in (*reversed(stages[:-1]), *stages[1:]):
            here = (await wizard.view())["current_stage"]
            await wizard.post("/transition", {"from_stage": here, "to_stage": target})
        for number in range(3):
            await wizard.save("organizerSetup", {"bio": f"{number}"}, prefer="respond-async")
        await wizard.complete("reviewPublish", {"acceptTerms": True})
        await published(wizard)
        await ended(system, wizard)


async def test_continued(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    async with recording.of("continued", wizard):
        for number in range(CHANGES_PER_RUN + 3):
            await wizard.save("organizerSetup", {"name": f"Ada {number}"})


async def test_refused(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    """The publication is accepted, but its slug is taken."""
    await published(await start_filled(ada, slug="the-gala"))
    wizard = await start_filled(ada, slug="the-gala")
    async with recording.of("refused", wizard):
        assert (await wizard.post("/publish")).status_code == 422


@pytest.mark.parametrize("activity", ["reserve_event", "publish_event"])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_failed(
    recording: Recording, api: System, ada: httpx.AsyncClient, activity: str, moment: Any
) -> None:
    async with running_worker(api):
        wizard = await start_filled(ada)
    fault = fails_at(wizard, activity, moment)
    name = f"failed-{moment}-{activity.replace('_', '-')}"
    async with running_worker(api, interceptors=[fault]), recording.of(name, wizard):
        await wizard.post("/publish")


async def test_expired(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    async with recording.of("expired", wizard):
        await wizard.save("organizerSetup", {"name": "Ada"})
        handle = session_handle(system.temporal.client, wizard.session_id)
        await system.temporal.fast_forward(handle, timedelta(days=7, seconds=1))
        await ended(system, wizard)


async def test_reminded(recording: Recording, api: System, ada: httpx.AsyncClient) -> None:
    async with (
        running_receiver() as receiver,
        running_sender(receiver.url) as sender,
        running_worker(api, notifying=Notifying(sender)),
    ):
        wizard = await start(ada)
        async with recording.of("reminded", wizard):
            await wizard.save("organizerSetup", {"name": "Ada"})
            await wait_until_idle(api.temporal.client, wizard.session_id)
            handle = session_handle(api.temporal.client, wizard.session_id)
            await api.temporal.fast_forward(handle, timedelta(days=6, seconds=1))
            await receiver.gets(1)
            await api.temporal.fast_forward(handle, timedelta(days=1))
            await ended(api, wizard)


async def test_planned(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start_filled(ada)
    async with recording.of("planned", wizard):
        at = datetime.fromisoformat((await wizard.view())["created_at"]) + timedelta(days=10)
        await wizard.post("/publish", {"publish_at": at.isoformat()})
        handle = session_handle(system.temporal.client, wizard.session_id)
        await system.temporal.fast_forward(handle, timedelta(days=10, seconds=1))
        await ended(system, wizard)


async def test_at_risk(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    """A scheduled publication is at risk, corrected, and cancelled."""
    wizard = await start_filled(ada, slug="the-risky-show")
    async with recording.of("at-risk", wizard):
        at = datetime.fromisoformat((await wizard.view())["created_at"]) + timedelta(days=10)
        await wizard.post("/publish", {"publish_at": at.isoformat()})
        await wizard.save("eventSetup", {"title": "Another Show"})
        handle = session_handle(system.temporal.client, wizard.session_id)
        await system.temporal.fast_forward(handle, timedelta(days=9, seconds=1))
        await becomes_at_risk(wizard, expected=True)
        await wizard.save("reviewPublish", {"acceptTerms": True})
        await becomes_at_risk(wizard, expected=False)
        await wizard.delete("/publication")
        await wizard.post("/abandon")
        await ended(system, wizard)


async def test_abandoned(recording: Recording, system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    async with recording.of("abandoned", wizard):
        await wizard.save("organizerSetup", {"name": "Ada"})
        await wizard.post("/abandon")
        await ended(system, wizard)


async def test_connected(
    recording: Recording, selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The account is created, and fetched again after Stripe reports a change."""
    wizard = await start(ada)
    async with recording.of("connected", wizard):
        account = (await connect(wizard))["account_id"]
        await fill_in(wizard, paid_event())
        await stand_in.move(account, "ready")
        await session_handle(selling_system.temporal.client, wizard.session_id).signal(
            ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED, {"account_id": account}
        )


async def test_handed_on(
    recording: Recording, selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The session takes over a status from a signal, and ignores an older one."""
    wizard = await start(ada)
    async with recording.of("handed-on", wizard):
        account = (await connect(wizard))["account_id"]
        await fill_in(wizard, paid_event())
        payments = (await wizard.view(consistent="true"))["payments"]
        handle = session_handle(selling_system.temporal.client, wizard.session_id)
        now = datetime.now(UTC)
        for status, at in (("ready", now), ("restricted", now - timedelta(hours=1))):
            handed = {**payments, "status": status, "checked_at": at.isoformat()}
            await handle.signal(
                ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED, {"account_id": account, "payments": handed}
            )


async def test_stored_status(
    recording: Recording, selling_system: System, ada: httpx.AsyncClient
) -> None:
    """The session takes over the status that an earlier session of its tenant has stored."""
    account = (await connect(await start(ada)))["account_id"]
    wizard = await start(ada)
    async with recording.of("stored-status", wizard):
        await fill_in(wizard, paid_event())
        await account_is_known(wizard)
        assert (await wizard.view(consistent="true"))["payments"]["account_id"] == account


async def test_reconnected(
    recording: Recording, selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The tenant has no account at first. Its first account is disconnected, and replaced."""
    wizard, other = await start(ada), await start(ada)
    async with recording.of("reconnected", wizard):
        await fill_in(wizard, paid_event())
        await account_is_known(wizard)
        first = (await connect(wizard))["account_id"]
        assert (await wizard.post("/payments/disconnect")).status_code == 200
        assert (await connect(wizard))["account_id"] != first
    await other.post("/abandon")


async def test_created_with_data(
    recording: Recording, selling_system: System, ada: httpx.AsyncClient
) -> None:
    """With a paid ticket, so that the first run looks for the account."""
    created = await ada.post("/v1/sessions", json={"sections": by_section(paid_event())})
    wizard = Wizard(ada, created.json()["session_id"])
    async with recording.of("created-with-data", wizard):
        await account_is_known(wizard)
        await wizard.save("organizerSetup", {"bio": "Bio"})


async def account_is_known(wizard: Wizard) -> None:
    async def is_known() -> bool:
        return (await wizard.view(consistent="true"))["payments"]["checked_at"] is not None

    await eventually(is_known, what="the answer that there is no account")


async def test_stripe_event(
    recording: Recording, selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    account = (await start_seller(ada, stand_in)).account
    event = thin(account)
    await store(selling_system.database, event)
    workflow_id = ids.stripe_event_workflow_id(event["id"])
    await selling_system.temporal.client.execute_workflow(
        ids.WIZARD_STRIPE_EVENT, event["id"], id=workflow_id, task_queue=ids.TASK_QUEUE
    )
    await recording.add_workflow("stripe-event", workflow_id)


async def test_sweep(recording: Recording, system: System) -> None:
    await system.temporal.client.execute_workflow(
        ids.WIZARD_SWEEP, id="sweep-recorded", task_queue=ids.TASK_QUEUE
    )
    await recording.add_workflow("sweep", "sweep-recorded")


async def test_stripe_event_checkout(
    recording: Recording, selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The order that is signalled is open."""
    sale = await open_sale(selling_system, stand_in, await start_seller(ada, stand_in))
    placed = await sale.place(1)
    await placed.pay()
    reference = {"order_id": placed.order_id, "payment_intent": None}
    workflow_id = await run_event(sale, "checkout.session.completed", reference)
    await placed.result()
    await recording.add_workflow("stripe-event-checkout", workflow_id)


async def test_stripe_event_refund(
    recording: Recording, selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    sale = await open_sale(selling_system, stand_in, await start_seller(ada, stand_in))
    placed = await sale.place(1)
    intent = (await placed.pay())["payment_intent"]
    await placed.webhook()
    await placed.result()
    await stand_in.post(f"/payment_intents/{intent}/refund")
    workflow_id = await run_event(sale, "charge.refunded", {"payment_intent": intent})
    await recording.add_workflow("stripe-event-refund", workflow_id)


async def run_event(sale: Sale, event_type: str, reference: dict[str, Any]) -> str:
    """Processes an event whose object has this reference, and returns the id of the workflow."""
    event = {
        **thin(sale.account, event_type),
        "reference": {"type": "any", "id": "any_1", **reference},
    }
    await store(sale.system.database, event)
    workflow_id = ids.stripe_event_workflow_id(event["id"])
    await sale.client.execute_workflow(
        ids.WIZARD_STRIPE_EVENT, event["id"], id=workflow_id, task_queue=ids.TASK_QUEUE
    )
    return workflow_id


async def test_published_catalogue(
    recording: Recording, selling_system: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    wizard = (await start_seller(ada, stand_in, *THREE_TIERS)).wizard
    async with recording.of("published-catalogue", wizard):
        await published(wizard)
        await ended(selling_system, wizard)


async def test_compensated_catalogue(
    recording: Recording, api: System, stand_in: StandIn, ada: httpx.AsyncClient
) -> None:
    """The last step fails when all tiers are on sale; then all are taken off sale."""
    async with running_worker(api, stripe_url=stand_in.url):
        wizard = (await start_seller(ada, stand_in)).wizard
    fault = fails_at(wizard, "publish_event", "before")
    async with (
        running_worker(api, stripe_url=stand_in.url, interceptors=[fault]),
        recording.of("compensated-catalogue", wizard),
    ):
        await wizard.post("/publish", prefer="wait=30")


def fails_at(wizard: Wizard, activity: str, moment: Any) -> Fault:
    return Fault(ids.session_workflow_id(wizard.session_id), activity, moment, fail_for_good)


if __name__ == "__main__":
    quietly = ["-q", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    orders = str(Path(__file__).with_name("record_orders.py"))
    sys.exit(pytest.main([__file__, orders, *quietly, *sys.argv[1:]]))
