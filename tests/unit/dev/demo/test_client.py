"""The demo repeats a request while the API restarts, if that is safe."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from dev.demo.client import BuyerClient, RepeatingTransport

KEYED = {"Idempotency-Key": "k"}


class Server:
    """Answers with the outcomes in order, and records requests and reports."""

    def __init__(self, *outcomes: int | httpx.TransportError) -> None:
        self._outcomes: Iterator[int | httpx.TransportError] = iter(outcomes)
        self.bodies: list[bytes] = []
        self.reported: list[str] = []

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.read())
        outcome = next(self._outcomes)
        if isinstance(outcome, httpx.TransportError):
            raise outcome
        return httpx.Response(outcome)

    def client(self) -> httpx.Client:
        transport = RepeatingTransport(
            httpx.MockTransport(self.handle),
            lambda request, reason: self.reported.append(f"{request.method} {reason}"),
            pause=0,
        )
        return httpx.Client(base_url="http://api", transport=transport)


def test_a_keyed_request_is_repeated_until_it_is_answered() -> None:
    server = Server(httpx.ConnectError(""), httpx.ReadError(""), 503, 200)

    answer = server.client().post("/", json={"a": 1}, headers=KEYED)

    assert answer.status_code == 200
    assert server.bodies == [b'{"a":1}'] * 4
    assert server.reported == ["POST no answer"]


@pytest.mark.parametrize("status", [200, 409, 500])
def test_other_answers_are_final(status: int) -> None:
    server = Server(status)

    assert server.client().get("/").status_code == status
    assert server.reported == []


def test_a_result_that_is_still_awaited_is_asked_for_again() -> None:
    """A killed worker delays a publication or an order beyond the wait of its request."""
    server = Server(202, 202, 200)

    assert server.client().post("/", headers=KEYED).status_code == 200
    assert server.reported == ["POST 202"]


def test_a_queued_save_is_final() -> None:
    server = Server(202)
    asynchronous = {"Prefer": "respond-async", **KEYED}

    assert server.client().patch("/", headers=asynchronous).status_code == 202
    assert server.reported == []


def test_an_order_that_a_repeat_finds_is_accepted() -> None:
    server = Server(httpx.ReadError(""), 200)

    assert BuyerClient(server.client()).order("slug", []).status_code == 200


def test_a_request_without_a_key_is_sent_once() -> None:
    server = Server(503, httpx.ReadError(""))
    client = server.client()

    assert client.post("/").status_code == 503
    with pytest.raises(httpx.ReadError):
        client.post("/")


@pytest.mark.parametrize("send", [httpx.Client.get, httpx.Client.post])
def test_a_request_that_reached_no_server_is_repeated(
    send: Callable[[httpx.Client, str], httpx.Response],
) -> None:
    server = Server(httpx.ConnectError(""), 200)

    assert send(server.client(), "/").status_code == 200
