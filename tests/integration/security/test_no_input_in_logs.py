"""No log line of the API or the worker contains user input."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.app import describe_app
from api.openapi import openapi_document
from tests.support.api import client_for, token
from tests.support.processes import Process, Processes
from tests.support.stage_data import free_event
from tests.support.wizard import Wizard, start

CANARY = "Xylophone-4711"
HEADERS = {
    "Content-Type": "application/json",
    "Idempotency-Key": f"{CANARY} key",
    "If-Match": CANARY,
    "If-None-Match": CANARY,
    "Prefer": CANARY,
    "Stripe-Signature": f"t={CANARY},v1={CANARY}",
    "Origin": f"https://{CANARY}.example",
    "User-Agent": CANARY,
    "Referer": f"https://{CANARY}.example",
    "X-Request-Id": CANARY,
    "X-Forwarded-For": CANARY,
    "Cookie": f"name={CANARY}",
    f"X-{CANARY}": CANARY,
}
BODIES: tuple[bytes, ...] = (
    b"",
    CANARY.encode(),
    json.dumps({CANARY: CANARY}).encode(),
    json.dumps({"op": CANARY, "data": {CANARY: CANARY}, "session_id": CANARY}).encode(),
    json.dumps([CANARY]).encode(),
    f'{{"name": "{CANARY}\\ud800\\u0000"}}'.encode(),
)


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
async def test_logs_and_metrics_hold_no_input(processes: Processes, level: str) -> None:
    worker = await processes.worker(LOG_LEVEL=level)
    api, address = await processes.api(LOG_LEVEL=level)

    async with client_for(address, token(f"ada-{level}", email=f"{CANARY}@example.com")) as http:
        await _send_everything(http)
        await _fill_in_a_session(await start(http))
        metrics = await http.get("/metrics")
    async with client_for(address, f"{CANARY}.{CANARY}.{CANARY}") as stranger:
        await _send_everything(stranger)

    assert CANARY not in metrics.text
    for process in (api, worker):
        _assert_no_canary(process)
    assert '"status": 401' in api.log(), "the requests are in the log"
    assert '"status": 200' in api.log()


async def _send_everything(http: httpx.AsyncClient) -> None:
    """Sends canaries to every route, in every part of a request."""
    for method, path, query in _operations():
        filled = path.format_map(_Canaries())
        for body in BODIES:
            params = dict.fromkeys(query, CANARY)
            answer = await http.request(
                method, filled, params=params, headers=HEADERS, content=body
            )
            assert answer.status_code < 500, f"{method} {path}: {answer.text}"
        await http.request(method, filled, params={CANARY: CANARY}, content=CANARY.encode())
        await http.request(method, f"{filled}/{CANARY}")


class _Canaries(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return CANARY


def _operations() -> Iterator[tuple[str, str, list[str]]]:
    """Method, path and query parameters."""
    for path, operations in openapi_document(describe_app())["paths"].items():
        for method, operation in operations.items():
            parameters = operation.get("parameters", [])
            query = [known["name"] for known in parameters if known["in"] == "query"]
            yield method.upper(), path, query
    yield "GET", "/docs", [CANARY]
    yield "BREW", "/v1/wizard", []


async def _fill_in_a_session(wizard: Wizard) -> None:
    """Drafts with errors, refused changes, and a complete event, all with the canary."""
    await wizard.save("organizerSetup", {"name": CANARY * 100, "email": CANARY, "nick": CANARY})
    await wizard.save("organizerSetup", {"name": f"{CANARY}\0"}, prefer="respond-async")
    await wizard.save("organizerSetup", {"name": CANARY}, prefer="respond-async")
    await wizard.complete("venueSetup", {"name": CANARY})
    await wizard.post("/transition", {"from_stage": CANARY, "to_stage": CANARY})
    await wizard.post("/restore", {"revision": CANARY})
    await wizard.post("/publish", {"publish_at": CANARY})
    for stage, data in free_event(title=f"{CANARY} Show").items():
        saved = await wizard.complete(stage, data)
        assert saved.status_code == 200, saved.text
    published = await wizard.post("/publish")
    assert published.status_code == 200, published.text
    assert CANARY in published.text


def _assert_no_canary(process: Process) -> None:
    process.require_running()
    lines: list[Any] = process.log().splitlines()
    assert [line for line in lines if CANARY.lower() in line.lower()] == []


async def test_the_process_refuses_an_oversized_head(processes: Processes) -> None:
    """The deployed API uses the protocol that the other tests cover."""
    _, address = await processes.api()
    async with client_for(address, None) as http:
        answer = await http.get("/healthz", headers={"X-Long": "x" * 70_000})
    assert answer.status_code == 431
