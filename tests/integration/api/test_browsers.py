"""Cross-origin requests, and errors without the client's input."""

import httpx
import pytest

from tests.support.api import client_for, token
from tests.support.system import System
from tests.support.wizard import Wizard

OURS = "https://app.example"
HEADERS = "authorization, content-type, idempotency-key, if-match, if-none-match, prefer"


async def preflight(system: System, origin: str, method: str, headers: str) -> httpx.Response:
    async with client_for(system.address, None) as http:
        return await http.options(
            "/v1/sessions/x/stages/organizerSetup",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": headers,
            },
        )


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH"])
async def test_our_front_end_may_send_all_headers_of_the_api(system: System, method: str) -> None:
    response = await preflight(system, OURS, method, HEADERS)

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == OURS
    assert method in response.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://app.example", "https://app.example.evil", "null"]
)
async def test_a_foreign_front_end_gets_no_cors_headers(system: System, origin: str) -> None:
    refused = await preflight(system, origin, "PATCH", HEADERS)
    assert refused.status_code == 400
    assert "Access-Control-Allow-Origin" not in refused.headers

    async with client_for(system.address, token("grace")) as http:
        allowed = await http.get("/v1/wizard", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in allowed.headers


async def test_our_front_end_reads_headers_and_errors(wizard: Wizard) -> None:
    origin = {"Origin": OURS}

    shown = await wizard.http.get(wizard.path(), headers=origin)
    assert shown.headers["Access-Control-Allow-Origin"] == OURS
    exposed = shown.headers["Access-Control-Expose-Headers"]
    for name in (
        "ETag",
        "Idempotent-Replayed",
        "Location",
        "Retry-After",
        "Preference-Applied",
        "X-Request-Id",
    ):
        assert name in exposed

    for status, response in (
        (404, await wizard.http.get("/v1/sessions/x", headers=origin)),
        (401, await wizard.http.get("/v1/wizard", headers={**origin, "Authorization": "x"})),
        (413, await wizard.save("organizerSetup", {"bio": "x" * 540_000}, **origin)),
        (422, await wizard.save("organizerSetup", {"nick": "x"}, **origin)),
    ):
        assert response.status_code == status
        assert response.headers["Access-Control-Allow-Origin"] == OURS


CANARY = "Xylophone-4711"


async def test_errors_never_repeat_input(wizard: Wizard) -> None:
    refused = [
        await wizard.save("organizerSetup", {"nick": CANARY}),
        await wizard.save("organizerSetup", {"name": f"{CANARY}\0"}),
        await wizard.save("reviewPublish", {"acceptedTerms": CANARY}),
        await wizard.complete("organizerSetup", CANARY),
        await wizard.post("/restore", {"revision": CANARY}),
        await wizard.post("/publish", {"publish_at": CANARY}),
        await wizard.post("/transition", {"from_stage": CANARY, "to_stage": CANARY}),
        await wizard.http.post("/v1/sessions", json={"session_id": CANARY}),
        await wizard.http.get(f"/v1/sessions/{CANARY}"),
        await wizard.http.get("/v1/sessions", params={"cursor": CANARY, "status": CANARY}),
        await wizard.save("organizerSetup", {}, if_match=CANARY),
        await wizard.save("organizerSetup", {}, idempotency_key=f"{CANARY} {CANARY}"),
        await wizard.http.patch(
            wizard.path("/stages/organizerSetup"),
            content=f"{{{CANARY}".encode(),
            headers={"Content-Type": "application/json"},
        ),
    ]

    for response in refused:
        assert 400 <= response.status_code < 500
        assert CANARY not in response.text
        assert CANARY not in str(response.headers)


async def test_errors_of_a_draft_contain_pointers_and_no_values(wizard: Wizard) -> None:
    sent = {"name": CANARY * 10, "email": CANARY, "phone": CANARY, "website": CANARY}

    view = (await wizard.save("organizerSetup", sent)).json()

    assert len(view["stages"]["organizerSetup"]["errors"]) == 4
    assert CANARY not in str(view["stages"]["organizerSetup"]["errors"])


async def test_each_response_has_its_own_request_id(ada: httpx.AsyncClient) -> None:
    first, second = [await ada.get("/v1/wizard") for _ in range(2)]

    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
