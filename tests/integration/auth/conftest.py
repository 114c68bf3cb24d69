"""Token issuers, and a verifier that trusts one of them."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from api.auth.keys import PublishedKeys
from api.auth.verifier import TokenVerifier
from settings import AcceptedAudience
from tests.integration.auth.issuer import AUDIENCE, Issuer
from tests.support.waiting import ManualClock


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
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def verifier(issuer: Issuer, http: httpx.AsyncClient, clock: ManualClock) -> TokenVerifier:
    keys = PublishedKeys(issuer.name, issuer.url, http, clock=clock)
    return TokenVerifier({issuer.name: keys}, audiences={issuer.name: AcceptedAudience(AUDIENCE)})
