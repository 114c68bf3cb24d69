"""Ids without a prefix belong to the issuers that had them first."""

import asyncio

import pytest

from db.errors import IssuersChanged
from db.issuers import require_issuers
from db.pool import Pool, create_pool
from settings.tokens import TokenSettings
from tests.support.postgres import Database

FIRST, OTHER = "https://first.example", "https://other.example"


def issuers(*listed: str) -> tuple[str, ...]:
    settings = TokenSettings(jwt_issuer=listed, jwt_audience=("a",), jwt_secret="x" * 32)
    return settings.issuers_without_prefix


async def test_the_first_issuer_stays_the_first(api: Pool) -> None:
    await require_issuers(api, issuers(FIRST))
    await require_issuers(api, issuers(FIRST, OTHER))

    for changed in (issuers(OTHER), issuers(OTHER, FIRST)):
        with pytest.raises(IssuersChanged, match=f"must begin with {FIRST}"):
            await require_issuers(api, changed)

    await require_issuers(api, issuers(FIRST))


async def test_an_issuer_with_the_same_people_may_replace_the_first(api: Pool) -> None:
    await require_issuers(api, issuers(FIRST))

    await require_issuers(api, issuers(OTHER, f"={FIRST}"))

    await require_issuers(api, issuers(OTHER))
    await require_issuers(api, issuers(FIRST))  # of a process that is not replaced yet


async def test_a_development_identity_is_not_remembered(api: Pool) -> None:
    await require_issuers(api, issuers("http://127.0.0.1:8100"))

    await require_issuers(api, issuers(FIRST))


async def test_one_of_two_processes_with_other_issuers_is_refused(database: Database) -> None:
    pool = await create_pool(database.api_dsn, application_name="tests")
    try:
        outcomes = await asyncio.gather(
            require_issuers(pool, issuers(FIRST)),
            require_issuers(pool, issuers(OTHER)),
            return_exceptions=True,
        )
    finally:
        await pool.close()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IssuersChanged", "NoneType"]
