"""Requests for an issuer's keys: their number, and behaviour while the issuer does not answer."""

import asyncio
import time

import httpx
import pytest

import api.auth.keys
from api.auth.keys import (
    MAX_AGE,
    MAX_KEY_SET_BYTES,
    RENEW_AFTER,
    RETRY_PAUSE,
    STALE_IF_ERROR,
    UNKNOWN_KEY_COOL_DOWN,
    PublishedKeys,
)
from api.auth.verifier import TokenVerifier
from domain.errors import Unauthenticated, Unavailable
from tests.integration.auth.issuer import Issuer, ec_key, rsa_key
from tests.support.waiting import ManualClock, until


async def test_keys_are_fetched_once_for_concurrent_requests(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    await asyncio.gather(*(verifier.identify(issuer.token(sub=f"user-{n}")) for n in range(50)))
    assert issuer.requests == 1


async def test_a_recently_verified_token_needs_no_keys(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    fresh, in_its_leeway = issuer.token(), issuer.token(exp=time.time() - 10)
    await verifier.identify(fresh)
    await verifier.identify(in_its_leeway)
    clock.advance(MAX_AGE)
    await verifier.identify(fresh)
    assert issuer.requests == 1
    await verifier.identify(in_its_leeway)
    assert issuer.requests == 2


async def test_unknown_key_ids_cause_one_refresh_per_cool_down(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    await verifier.identify(issuer.token())

    async def refused(kid: str) -> None:
        with pytest.raises(Unauthenticated):
            await verifier.identify(issuer.token(kid=kid, key=rsa_key()))

    await asyncio.gather(*(refused(f"made-up-{n}") for n in range(50)))
    assert issuer.requests == 2
    clock.advance(UNKNOWN_KEY_COOL_DOWN - 1)
    await refused("another")
    assert issuer.requests == 2
    clock.advance(1)
    await refused("another")
    assert issuer.requests == 3


async def test_a_rotated_key_is_found_at_once(verifier: TokenVerifier, issuer: Issuer) -> None:
    await verifier.identify(issuer.token())
    issuer.keys = {"k2": ec_key()}
    tokens = [issuer.token(kid="k2") for _ in range(50)]
    await asyncio.gather(*(verifier.identify(token) for token in tokens))
    assert issuer.requests == 2
    with pytest.raises(Unauthenticated):
        await verifier.identify(issuer.token(kid="k1", key=rsa_key()))


async def test_keys_are_renewed_in_the_background_before_they_expire(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    await verifier.identify(issuer.token())
    clock.advance(RENEW_AFTER - 1)
    await verifier.identify(issuer.token())
    assert issuer.requests == 1
    issuer.open.clear()
    clock.advance(1)
    await verifier.identify(issuer.token())  # although the issuer has not answered yet
    await until(lambda: issuer.requests == 2)
    issuer.open.set()
    issuer.keys["k2"] = ec_key()
    await verifier.identify(issuer.token(kid="k2"))
    assert issuer.requests == 2


async def test_a_withdrawn_key_is_valid_until_the_keys_expire(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    await verifier.identify(issuer.token())
    issuer.keys = {"k2": ec_key()}
    clock.advance(MAX_AGE)
    with pytest.raises(Unauthenticated):
        await verifier.identify(issuer.token(kid="k1", key=rsa_key()))


async def test_a_dead_issuer_without_keys_is_unavailable(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    token = issuer.token()
    issuer.stop()
    with pytest.raises(Unavailable):
        await verifier.identify(token)


async def test_keys_outlive_an_issuer_that_is_down(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    await verifier.identify(issuer.token())
    issuer.stop()
    clock.advance(MAX_AGE)
    await verifier.identify(issuer.token())
    clock.advance(STALE_IF_ERROR - MAX_AGE - 1)
    await verifier.identify(issuer.token())
    clock.advance(1)
    with pytest.raises(Unavailable):
        await verifier.identify(issuer.token())


async def test_requests_do_not_wait_for_an_issuer_that_is_down(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    await verifier.identify(issuer.token())
    issuer.answer = (500, b"", {})
    clock.advance(MAX_AGE)
    await verifier.identify(issuer.token())
    assert issuer.requests == 2
    await verifier.identify(issuer.token())
    assert issuer.requests == 2
    issuer.open.clear()
    clock.advance(RETRY_PAUSE)
    await verifier.identify(issuer.token())
    await until(lambda: issuer.requests == 3)
    issuer.open.set()
    with pytest.raises(Unauthenticated):  # joins the refresh, so that the test ends after it
        await verifier.identify(issuer.token(kid="made-up", key=rsa_key()))
    assert issuer.requests == 3


async def test_an_issuer_that_recovers_is_used_again(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    issuer.answer = (503, b"", {})
    token = issuer.token()
    for _ in range(3):
        with pytest.raises(Unavailable):
            await verifier.identify(token)
    assert issuer.requests == 1
    issuer.answer = None
    clock.advance(RETRY_PAUSE)
    assert await verifier.identify(token)


async def test_an_issuer_that_times_out_is_unavailable(
    verifier: TokenVerifier, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.auth.keys, "FETCH_TIMEOUT", 0.05)
    issuer.open.clear()
    with pytest.raises(Unavailable):
        await verifier.identify(issuer.token())


async def test_a_cancelled_request_does_not_cancel_the_refresh(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    issuer.open.clear()
    cancelled = asyncio.create_task(verifier.identify(issuer.token()))
    waiting = asyncio.create_task(verifier.identify(issuer.token()))
    await until(lambda: issuer.requests == 1)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    issuer.open.set()
    assert await waiting
    assert issuer.requests == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b'{"keys": [], "filler": "' + b"x" * MAX_KEY_SET_BYTES + b'"}',
    ],
)
async def test_an_answer_that_is_not_a_key_set_is_refused(
    verifier: TokenVerifier, issuer: Issuer, body: bytes
) -> None:
    issuer.answer = (200, body, {})
    with pytest.raises(Unavailable):
        await verifier.identify(issuer.token())


async def test_issuer_redirects_are_not_followed(issuer: Issuer, other_issuer: Issuer) -> None:
    issuer.answer = (302, b"", {"Location": other_issuer.url})
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as http:
        keys = PublishedKeys(issuer.name, issuer.url, http)
        with pytest.raises(Unavailable):
            await keys.find("k1")
    assert other_issuer.requests == 0


async def test_an_issuer_may_withdraw_all_keys(
    verifier: TokenVerifier, issuer: Issuer, clock: ManualClock
) -> None:
    await verifier.identify(issuer.token())
    issuer.publish()
    clock.advance(MAX_AGE)
    with pytest.raises(Unauthenticated):
        await verifier.identify(issuer.token())
