"""An unhandled exception is answered as a problem, and logged without what the client sent."""

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


async def test_a_bug_is_a_problem_and_its_log_says_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = await answer_of(UnhandledErrors(buggy))

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    log = capsys.readouterr().out
    assert "RuntimeError < ValueError" in log
    assert "in buggy" in log
    assert CANARY not in log + answer.text


async def test_a_client_that_hangs_up_is_no_bug(capsys: pytest.CaptureFixture[str]) -> None:
    async def hanging_up(scope: Scope, receive: Receive, send: Send) -> None:
        raise ClientDisconnect

    answer = await answer_of(UnhandledErrors(hanging_up))

    assert answer.status_code == 422
    assert capsys.readouterr().out == ""


async def test_an_answer_that_has_begun_is_broken_off() -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(CANARY)

    with pytest.raises(ResponseBrokenOff) as broken:
        await answer_of(UnhandledErrors(half))
    assert broken.value.__context__ is None
