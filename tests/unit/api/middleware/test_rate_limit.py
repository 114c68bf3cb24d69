"""The subject that a request counts for, and counting while Redis is unavailable."""

import socket
import time
from collections.abc import Sequence
from math import inf
from types import SimpleNamespace

import pytest
from limits import RateLimitItem, parse_many
from pydantic import SecretStr
from starlette.responses import Response
from starlette.types import Message

from api.auth import Identity
from api.middleware.rate_limit import (
    RETRY_PAUSE,
    RateLimit,
    RateLimitPolicy,
    RequestCounters,
    address_of,
    fields_of,
    limits_of,
    seconds_to_wait,
)
from domain.actors import Actor
from tests.support.waiting import ManualClock

LIMITS = parse_many("2/hour;3/day")


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("x" * 5000, "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_counts_by_subscriber_network(host: str, counted: str) -> None:
    assert address_of({"client": (host, 1)}) == counted


@pytest.mark.parametrize("scope", [{}, {"client": None}])
def test_a_connection_without_an_address_is_unknown(scope: dict[str, None]) -> None:
    assert address_of(scope) == "unknown"


async def wait(
    counters: RequestCounters,
    kind: str,
    subject: str,
    limits: Sequence[RateLimitItem] = LIMITS,
) -> int:
    return seconds_to_wait(await counters.count(limits, kind, subject))


async def test_the_fields_name_limits_and_what_is_left(clock: ManualClock) -> None:
    counters = RequestCounters(clock=clock)

    fields = [fields_of(await counters.count(LIMITS, "user", "ada")) for _ in range(3)]

    policy = '"user-3600";q=2;w=3600, "user-86400";q=3;w=86400'
    assert fields == [
        {
            "RateLimit-Policy": policy,
            "RateLimit": '"user-3600";r=1;t=3600, "user-86400";r=2;t=86400',
        },
        {
            "RateLimit-Policy": policy,
            "RateLimit": '"user-3600";r=0;t=3600, "user-86400";r=1;t=86400',
        },
        {"RateLimit-Policy": '"user-3600";q=2;w=3600', "RateLimit": '"user-3600";r=0;t=3600'},
    ]


async def test_the_strictest_limit_counts() -> None:
    counters = RequestCounters()

    assert [await wait(counters, "user", "ada") for _ in range(2)] == [0, 0]
    assert 3500 < await wait(counters, "user", "ada") <= 3600


async def test_kinds_and_users_are_counted_separately() -> None:
    counters = RequestCounters()

    for kind, subject in (("user", "ada"), ("user", "grace"), ("address", "ada")):
        assert [await wait(counters, kind, subject) for _ in range(2)] == [0, 0]


async def test_requests_without_limits_are_not_counted() -> None:
    assert await RequestCounters().count((), "user", "ada") == []
    assert fields_of([]) == {}


async def test_expired_windows_are_forgotten(clock: ManualClock) -> None:
    counters = RequestCounters(clock=clock)
    windows = counters._local
    for number in range(1000):
        await counters.count(parse_many("1/minute"), "address", str(number))
    assert len(windows) == 1000
    assert await wait(counters, "address", "7", parse_many("1/minute")) == 60

    clock.advance(60)
    assert await wait(counters, "address", "7", parse_many("1/minute")) == 0

    assert len(windows) == 1


@pytest.mark.parametrize("step", [-7200.0, 7200.0])
async def test_a_step_of_the_system_clock_moves_no_window(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch, step: float
) -> None:
    counters = RequestCounters(clock=clock)
    for _ in range(2):
        await counters.count(LIMITS, "user", "ada")

    stepped = time.time() + step
    monkeypatch.setattr(time, "time", lambda: stepped)

    assert await wait(counters, "user", "ada") == 3600
    clock.advance(3600)
    assert await wait(counters, "user", "ada") == 0


async def test_a_window_ends_after_its_seconds_and_not_before(clock: ManualClock) -> None:
    counters = RequestCounters(clock=clock)
    limits = parse_many("1/minute")
    assert await wait(counters, "user", "ada", limits) == 0

    clock.advance(58.5)
    assert await wait(counters, "user", "ada", limits) == 2
    clock.advance(1.5)
    assert await wait(counters, "user", "ada", limits) == 0
    assert await wait(counters, "user", "ada", limits) == 60


async def test_a_limit_that_is_set_twice_counts_once() -> None:
    counters, limits = RequestCounters(), limits_of("2/minute; 2/minute")

    assert [await wait(counters, "user", "ada", limits) for _ in range(2)] == [0, 0]


async def test_an_unavailable_redis_is_retried_after_a_pause(
    clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = SecretStr(f"redis://127.0.0.1:{bound.getsockname()[1]}")
        counters = RequestCounters(url, clock=clock)

        assert [await wait(counters, "user", "ada") for _ in range(2)] == [0, 0]
        clock.advance(RETRY_PAUSE)
        assert await wait(counters, "user", "ada") > 0

    assert capsys.readouterr().out.count("rate limits are not shared") == 2


class _Verifier:
    async def identify(self, token: str) -> Identity:
        return Identity(Actor(user_id=token), None, expires_at=inf)


async def _status(limited: RateLimit, method: str, path: str, user: str) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    state = SimpleNamespace(verifier=_Verifier())
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(b"authorization", f"Bearer {user}".encode())],
        "client": ("127.0.0.1", 1),
        "app": SimpleNamespace(state=state),
    }
    await limited(scope, receive, send)
    return int(sent[0]["status"])


async def test_runs_of_the_assistant_have_a_limit_of_their_own() -> None:
    policy = RateLimitPolicy((), (), (), (), copilot=tuple(parse_many("2/minute")))
    limited = RateLimit(Response(), RequestCounters(), policy)
    run, agent = "/v1/copilot", "/v1/copilot/agent/default/run"

    assert [await _status(limited, "POST", path, "ada") for path in (run, agent)] == [200, 200]
    for path in (run, "/v1/understanding"):
        assert await _status(limited, "POST", path, "ada") == 429
    assert await _status(limited, "POST", run, "grace") == 200
    assert await _status(limited, "GET", "/v1/copilot/info", "ada") == 200
    assert await _status(limited, "POST", "/v1/sessions", "ada") == 200
