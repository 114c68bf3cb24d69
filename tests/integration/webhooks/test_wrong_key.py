"""A worker whose API key Stripe does not accept, and how it recovers."""

import time
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from payments.answers import REFUSAL_PAUSE
from tests.integration.webhooks.connected_accounts import connected
from tests.integration.webhooks.stripe_inbox import failed, make_old, processed, redrive
from tests.support.paid_sessions import WAY_BACK
from tests.support.ports import free_port
from tests.support.processes import Process, Processes
from tests.support.stand_in import StandIn
from tests.support.stripe_events import take, thin
from tests.support.system import System
from tests.support.waiting import eventually

RIGHT = "sk_test_right"
WRONG = "sk_test_wrong"
EVENTS = 20


async def worker_with(
    processes: Processes, stand_in: StandIn, key: str, **environment: str
) -> Process:
    return await processes.worker(STRIPE_API_KEY=key, STRIPE_API_BASE=stand_in.url, **environment)


async def answer_is(api: httpx.AsyncClient, answer: str) -> dict[str, Any]:
    """Waits until readiness shows the answer, and returns the whole response."""

    async def shown() -> dict[str, Any] | None:
        response = await api.get("/readyz")
        readiness: dict[str, Any] = response.json()
        assert (response.status_code, readiness["status"]) == (200, "ready")
        return readiness if readiness["stripe"] == answer else None

    return await eventually(shown, what=f"readiness with {answer}")


async def answers_in_metrics(address: str) -> dict[str, float]:
    async with httpx.AsyncClient(timeout=30) as http:
        text = (await http.get(f"http://{address}/metrics")).text
    return {
        sample.labels["answer"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "wizard_stripe_answer"
    }


async def test_a_wrong_key_is_reported_and_rarely_sent(
    api: System,
    stripe: httpx.AsyncClient,
    stand_in: StandIn,
    processes: Processes,
    ada: httpx.AsyncClient,
) -> None:
    assert (await stripe.get("/readyz")).json()["stripe"] is None
    right = await worker_with(processes, stand_in, RIGHT)
    await answer_is(stripe, "ok")
    wizard, account = await connected(ada)
    right.kill()

    await stand_in.fail("key_refused", api_key=WRONG, times=None)
    await stand_in.control.delete("/requests")
    began, metrics = time.monotonic(), f"127.0.0.1:{free_port()}"
    wrong = await worker_with(processes, stand_in, WRONG, METRICS_ADDRESS=metrics)
    shown = await answer_is(stripe, "unauthorized")
    assert shown["stripe_since"] is not None
    assert await answers_in_metrics(metrics) == {
        "ok": 0,
        "unauthorized": 1,
        "unavailable": 0,
        "not_configured": 0,
    }
    events = [thin(account) for _ in range(EVENTS)]
    await take(stripe, *events)
    for event in events:
        await failed(api.database, event["id"])
    await make_old(api.database)
    await redrive(api, "wrong key")
    refused = await wizard.post("/payments/connect", WAY_BACK)
    assert refused.status_code in {409, 422, 503}
    assert (await wizard.save("eventSetup", {"title": "Spring Show"})).status_code == 200
    sent = await stand_in.get("/requests")
    assert 1 <= len(sent) <= 1 + (time.monotonic() - began) / REFUSAL_PAUSE
    assert "STRIPE_API_KEY" in wrong.log()
    assert WRONG not in wrong.log()
    wrong.kill()

    await worker_with(processes, stand_in, RIGHT)
    await answer_is(stripe, "ok")
    assert await redrive(api, "right key") == EVENTS
    await processed(api.database, EVENTS)


async def test_an_outage_of_stripe_clears_by_itself(
    api: System, stripe: httpx.AsyncClient, stand_in: StandIn, processes: Processes
) -> None:
    await stand_in.fail("error_before_effect", times=None)
    await worker_with(processes, stand_in, RIGHT)
    await answer_is(stripe, "unavailable")
    await stand_in.control.delete("/faults")
    await answer_is(stripe, "ok")


async def test_a_lost_account_is_no_wrong_key(
    api: System,
    stripe: httpx.AsyncClient,
    stand_in: StandIn,
    processes: Processes,
    ada: httpx.AsyncClient,
) -> None:
    await worker_with(processes, stand_in, RIGHT)
    wizard, account = await connected(ada)
    await stand_in.post(f"/accounts/{account}/disconnect")
    await take(stripe, thin(account))
    await processed(api.database, 1)
    assert (await wizard.view(consistent="true"))["payments"]["status"] == "disconnected"
    await answer_is(stripe, "ok")


async def test_a_worker_without_a_key_says_so(
    api: System, stripe: httpx.AsyncClient, processes: Processes
) -> None:
    await processes.worker()
    await answer_is(stripe, "not_configured")
