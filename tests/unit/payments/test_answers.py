"""What is recorded of Stripe's answers, and how often a refused key is sent."""

from collections.abc import Callable

import httpx
import pytest
import stripe

from domain.values.payments import StripeAnswer
from payments.answers import REFUSAL_PAUSE, AnswerRecorder
from tests.support.waiting import ManualClock
from tests.unit.payments.fake_stripe import failure

OK = httpx.Response(200, json={})
WRONG_KEY = failure(401, message="Invalid API Key")
LOST_ACCOUNT = failure(401, code="account_invalid")


class FakeServer:
    """Answers every request with ``answer``, and counts them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.answer: httpx.Response | Exception = OK
        self.requests = 0
        http_client = stripe.HTTPXClient()
        http_client._client_async = httpx.AsyncClient(transport=httpx.MockTransport(self._serve))
        self.recorder = AnswerRecorder(http_client, clock=clock)

    async def ask(self) -> int:
        _, status, _ = await self.recorder.request_async("get", "http://stripe.test/v1", {})
        return status

    def _serve(self, _: httpx.Request) -> httpx.Response:
        self.requests += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def server(clock: ManualClock) -> FakeServer:
    return FakeServer(clock)


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        (OK, StripeAnswer.OK),
        (WRONG_KEY, StripeAnswer.UNAUTHORIZED),
        (LOST_ACCOUNT, StripeAnswer.OK),
        (failure(403, code="account_invalid"), StripeAnswer.OK),
        (failure(403, message="No permission"), StripeAnswer.OK),
        (failure(402), StripeAnswer.OK),
        (failure(429), StripeAnswer.OK),
        (failure(500), StripeAnswer.UNAVAILABLE),
        (failure(503), StripeAnswer.UNAVAILABLE),
    ],
)
async def test_an_answer_is_recorded(
    server: FakeServer, response: httpx.Response, answer: StripeAnswer
) -> None:
    assert server.recorder.last is None
    server.answer = response
    assert await server.ask() == response.status_code
    assert server.recorder.last is answer
    assert server.recorder.is_paused is (answer is StripeAnswer.UNAUTHORIZED)


async def test_no_connection_is_unavailable(server: FakeServer) -> None:
    server.answer = httpx.ConnectError("refused")
    with pytest.raises(stripe.APIConnectionError):
        await server.ask()
    assert server.recorder.last is StripeAnswer.UNAVAILABLE


async def test_the_last_answer_counts(server: FakeServer) -> None:
    for server.answer in (failure(500), OK):
        await server.ask()
    assert server.recorder.last is StripeAnswer.OK


async def test_a_refused_key_is_sent_once_per_pause(server: FakeServer, clock: ManualClock) -> None:
    server.answer = WRONG_KEY
    assert {await server.ask() for _ in range(50)} == {401}
    assert server.requests == 1
    clock.advance(REFUSAL_PAUSE)
    assert {await server.ask() for _ in range(50)} == {401}
    assert server.requests == 2


async def test_an_accepted_key_ends_the_pauses(server: FakeServer, clock: ManualClock) -> None:
    server.answer = WRONG_KEY
    await server.ask()
    server.answer = OK
    assert await server.ask() == 401
    clock.advance(REFUSAL_PAUSE)
    assert {await server.ask() for _ in range(5)} == {200}
    assert server.recorder.last is StripeAnswer.OK
    assert server.requests == 6


async def test_failures_other_than_of_the_key_are_sent_again(server: FakeServer) -> None:
    for server.answer in (failure(500), LOST_ACCOUNT, failure(429)):
        await server.ask()
        await server.ask()
    assert server.requests == 6
