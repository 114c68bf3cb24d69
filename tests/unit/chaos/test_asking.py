"""A request is repeated with its key until its answer is definite, and counted once."""

from collections.abc import Sequence

import httpx
import pytest

from tests.chaos import asking
from tests.chaos.asking import Asker, Ledger, NoAnswer, Patience

Answers = Sequence[int | Exception]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_PAUSE_SECONDS", 0)


def asker(answers: Answers, *, seconds: float = 60) -> tuple[Asker, list[str]]:
    """Of an API that answers like this, one after the other; and the keys that it was sent."""
    keys: list[str] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        following = left.pop(0)
        if isinstance(following, Exception):
            raise following
        return httpx.Response(following, json={"revision": 1})

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://api")
    return Asker(http, Ledger(), Patience(seconds), lambda _: None), keys


async def save(asker: Asker) -> httpx.Response:
    return await asker.ask("save", "PATCH", "/", headers={"Idempotency-Key": "key-1"})


async def test_no_answer_is_repeated_with_the_same_key() -> None:
    asks, keys = asker([httpx.ReadTimeout("late"), 503, 429, httpx.ReadError("cut"), 200])

    assert (await save(asks)).status_code == 200
    assert keys == ["key-1"] * 5
    ledger = asks.ledger
    assert (ledger.tried, ledger.attempts, ledger.acknowledged) == (1, 5, 1)


@pytest.mark.parametrize("status", [409, 422, 500])
async def test_a_refusal_and_a_failure_are_definite(status: int) -> None:
    asks, keys = asker([status])

    assert (await save(asks)).status_code == status
    assert len(keys) == 1
    assert (asks.ledger.acknowledged, asks.ledger.refused) == (0, 1)


async def test_patience_begins_when_all_is_healed() -> None:
    asks, keys = asker([503, 503, 200], seconds=0)
    assert (await save(asks)).status_code == 200

    asks, keys = asker([503, 503, 200], seconds=-1)
    asks.patience.all_is_healed()
    with pytest.raises(NoAnswer):
        await save(asks)
    assert len(keys) == 1
    assert asks.ledger.unanswered == 1


async def test_a_publication_in_progress_is_asked_for_again() -> None:
    asks, keys = asker([202, 202, 200])
    headers = {"Idempotency-Key": "key-1"}

    response = await asks.ask("publish", "POST", "/", waits_for_end=True, headers=headers)

    assert response.status_code == 200
    assert len(keys) == 3
