"""An unhandled exception is answered as a problem, and logged without the client's input."""

import httpx
import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.middleware.unhandled_errors import ResponseBrokenOff, UnhandledErrors

CANARY = "Xylophone-4711"


async def buggy(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise RuntimeError(f"no number: {CANARY}") from error


async def answer_of(app: UnhandledErrors) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://api"
    ) as client:
        return await client.get(f"/{CANARY}", params={"q": CANARY}, headers={"X-Name": CANARY})


async def test_an_unhandled_error_is_logged_with_its_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = await answer_of(UnhandledErrors(buggy))

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    log = capsys.readouterr().out
    assert "RuntimeError < ValueError" in log
    assert "in buggy" in log
    assert CANARY not in log + answer.text


async def test_a_client_disconnect_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    async def disconnecting(scope: Scope, receive: Receive, send: Send) -> None:
        raise ClientDisconnect

    answer = await answer_of(UnhandledErrors(disconnecting))

    assert answer.status_code == 422
    assert capsys.readouterr().out == ""


async def test_a_started_response_is_aborted() -> None:
    async def starting(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(CANARY)

    with pytest.raises(ResponseBrokenOff) as aborted:
        await answer_of(UnhandledErrors(starting))
    assert aborted.value.__context__ is None
