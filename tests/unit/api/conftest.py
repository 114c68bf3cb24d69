"""Issuers, a clock that only moves when told, and verifiers over them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from api.auth.keys import PublishedKeys
from api.auth.verifier import TokenVerifier
from tests.unit.api.issuer import AUDIENCE, Issuer


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.stop()


@pytest.fixture
def other_issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


@pytest.fixture
def verifier(issuer: Issuer, http: httpx.AsyncClient, clock: Clock) -> TokenVerifier:
    keys = PublishedKeys(issuer.name, issuer.url, http, clock=clock)
    return TokenVerifier({issuer.name: keys}, audience=AUDIENCE)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)
