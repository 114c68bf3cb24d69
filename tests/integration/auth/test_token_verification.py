"""Accepted and refused tokens, with real keys and signatures."""

import hmac
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from api.auth.keys import SharedSecret
from api.auth.verifier import MAX_TOKEN_LENGTH, TokenVerifier
from domain.actors import Actor
from domain.errors import Unauthenticated
from settings import ApiSettings
from tests.integration.auth.issuer import (
    AUDIENCE,
    Issuer,
    PrivateKey,
    compact,
    ec_key,
    ed25519_key,
    encoded,
    public_jwk,
    rsa_key,
)
from tests.support.api import ID_SECRET

RS256_HEADER = b'{"alg": "RS256"}'
SECRET = "an-hs256-secret-of-at-least-32-bytes"


def hs256(secret: bytes, signed: bytes) -> bytes:
    return hmac.digest(secret, signed, "sha256")


def rs256(signed: bytes) -> bytes:
    return rsa_key().sign(signed, PKCS1v15(), SHA256())


def unsigned(header: bytes, payload: bytes) -> str:
    return f"{encoded(header)}.{encoded(payload)}.AA"


async def refusal(verifier: TokenVerifier, token: str) -> str:
    """The reason of the refusal, which must not quote the token."""
    with pytest.raises(Unauthenticated) as raised:
        await verifier.identify(token)
    assert raised.value.__cause__ is None
    for part in filter(lambda part: len(part) > 3, token.split(".")):
        assert part not in raised.value.detail
    return raised.value.detail


@pytest.mark.parametrize("make_key", [rsa_key, ec_key, ed25519_key])
async def test_each_kind_of_key_is_accepted(
    verifier: TokenVerifier, issuer: Issuer, make_key: Callable[[], PrivateKey]
) -> None:
    issuer.keys = {"k1": make_key()}
    assert (await verifier.identify(issuer.token())).actor == Actor(user_id="ada")


async def test_the_algorithm_is_that_of_the_key(verifier: TokenVerifier, issuer: Issuer) -> None:
    """``none``, an HMAC with the public key as secret, and an algorithm of another key type."""
    public = rsa_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = json.dumps(public_jwk(rsa_key())).encode()
    tokens = [
        compact({"alg": "none", "kid": "k1"}, issuer.claims(), lambda _: b""),
        compact({"alg": "None", "kid": "k1"}, issuer.claims(), lambda _: b""),
        compact({"kid": "k1"}, issuer.claims(), lambda _: b""),
        *(
            compact({"alg": "HS256", "kid": "k1"}, issuer.claims(), partial(hs256, secret))
            for secret in (pem, pem.strip(), jwk)
        ),
        jwt.encode(issuer.claims(), rsa_key(), "RS512", headers={"kid": "k1"}),
        jwt.encode(issuer.claims(), rsa_key(), "PS256", headers={"kid": "k1"}),
        issuer.token(key=ec_key()),
    ]
    for token in tokens:
        assert "algorithm" in await refusal(verifier, token)


async def test_a_forged_signature_is_refused(verifier: TokenVerifier, issuer: Issuer) -> None:
    assert "signature" in await refusal(verifier, issuer.token(key=rsa_key("stranger")))
    head, _, signature = issuer.token().split(".")
    changed = encoded(json.dumps(issuer.claims(sub="eve")).encode())
    assert "signature" in await refusal(verifier, f"{head}.{changed}.{signature}")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://stranger.example"}, "issuer"),
        ({"iss": ...}, "iss"),
        ({"iss": None}, "iss"),
        ({"iss": ["a"]}, "iss"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["another", "third"]}, "audience"),
        ({"aud": {AUDIENCE: 1}}, "audience"),
        ({"aud": ...}, "claim aud"),
        ({"aud": []}, "claim aud"),
        ({"exp": ...}, "claim exp"),
        ({"exp": None}, "claim exp"),
        ({"exp": "soon"}, "malformed"),
        ({"exp": str(2**40)}, "claim exp"),
        ({"exp": True}, "expired"),
        ({"exp": float("nan")}, "malformed"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"nbf": 4_000_000_000}, "not valid yet"),
        ({"nbf": "later"}, "malformed"),
        ({"sub": ...}, "claim sub"),
        ({"sub": ""}, "claim sub"),
        ({"sub": "  "}, "claim sub"),
        ({"sub": 7}, "claim sub"),
        ({"sub": "a" * 256}, "claim sub"),
        ({"sub": "ada\x00"}, "claim sub"),
        ({"sub": "ada\ud800"}, "claim sub"),
    ],
)
async def test_invalid_claims_are_refused(
    verifier: TokenVerifier, issuer: Issuer, changes: dict[str, Any], reason: str
) -> None:
    # jwt.encode would refuse some of these itself.
    token = compact({"alg": "RS256", "kid": "k1"}, issuer.claims(**changes), rs256)
    assert reason in await refusal(verifier, token)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 4_000_000_000.5},
        {"aud": ["another", AUDIENCE]},
        {"nbf": 1_000_000_000},
        {"sub": "a" * 255},
        {"sub": "auth0|zoë 1"},
    ],
)
async def test_valid_claims_are_accepted(
    verifier: TokenVerifier, issuer: Issuer, changes: dict[str, Any]
) -> None:
    actor = (await verifier.identify(issuer.token(**changes))).actor
    assert actor.user_id == changes.get("sub", "ada")


async def test_expiry_allows_half_a_minute_of_clock_skew(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    now = time.time()
    await verifier.identify(issuer.token(exp=now - 10))
    await verifier.identify(issuer.token(nbf=now + 20))
    assert "expired" in await refusal(verifier, issuer.token(exp=now - 31))
    assert "not valid yet" in await refusal(verifier, issuer.token(nbf=now + 60))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "....",
        "not base64!.e30.e30",
        "ä.ö.ü",
        "\ud800",
        unsigned(b"[]", b"{}"),
        unsigned(b"{", b"{}"),
        unsigned(b"[" * 3000, b"{}"),
        unsigned(RS256_HEADER, b"[]"),
        unsigned(RS256_HEADER, b"null"),
        unsigned(RS256_HEADER, b"\xff\xfe"),
        unsigned(b'{"alg": "RS256", "kid": 7}', b"{}"),
        unsigned(b'{"alg": "RS256", "crit": ["x"]}', b"{}"),
    ],
)
async def test_a_malformed_token_is_refused(
    verifier: TokenVerifier, issuer: Issuer, token: str
) -> None:
    assert "malformed" in await refusal(verifier, token)
    assert issuer.requests == 0


async def test_an_encrypted_token_is_refused(verifier: TokenVerifier, issuer: Issuer) -> None:
    assert "malformed" in await refusal(verifier, f"{issuer.token()}.AAAA.AAAA")


async def test_an_oversized_token_is_refused(verifier: TokenVerifier, issuer: Issuer) -> None:
    token = issuer.token(filler="x" * MAX_TOKEN_LENGTH)
    assert "at most 8192 characters" in await refusal(verifier, token)
    assert issuer.requests == 0


@pytest.mark.parametrize("kid", ["../../etc/passwd", "/dev/null", "k1' OR 1=1", "", "K1"])
async def test_a_key_id_is_only_compared(verifier: TokenVerifier, issuer: Issuer, kid: str) -> None:
    assert "key" in await refusal(verifier, issuer.token(kid=kid, key=rsa_key()))


async def test_keys_in_token_headers_are_ignored(
    verifier: TokenVerifier, issuer: Issuer, other_issuer: Issuer
) -> None:
    stranger = rsa_key("stranger")
    other_issuer.keys = {"k1": stranger}
    header = {
        "jku": other_issuer.url,
        "x5u": other_issuer.url,
        "jwk": public_jwk(stranger, kid="k1"),
    }
    assert "signature" in await refusal(verifier, issuer.token(key=stranger, header=header))
    assert await verifier.identify(issuer.token(header=header))
    assert other_issuer.requests == 0


async def test_a_token_without_key_id_uses_the_only_key(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    assert await verifier.identify(issuer.token(kid=None))


async def test_a_token_without_key_id_and_several_keys_is_refused(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    issuer.keys["k2"] = ec_key()
    assert "key" in await refusal(verifier, issuer.token(kid=None))


async def test_published_keys_not_for_signatures_are_ignored(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    secret = SECRET.encode()
    usable = public_jwk(rsa_key(), kid="k1", use="sig", alg="RS256", key_ops=["verify"])
    unusable = [
        {"kty": "oct", "k": encoded(secret), "kid": "oct", "alg": "HS256"},
        {**public_jwk(rsa_key()), "kid": "use", "use": "enc"},
        {**public_jwk(rsa_key()), "kid": "alg", "alg": "PS256"},
        {**public_jwk(rsa_key()), "kid": "ops", "key_ops": ["encrypt"]},
        {**public_jwk(ec_key()), "kid": "crv", "crv": "P-384"},
        {"kty": "RSA", "n": 7, "e": None, "kid": "bad"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "short"},
        {"kty": ["RSA"], "kid": "list"},
        "not an object",
        None,
    ]
    issuer.publish(*unusable, usable)
    assert await verifier.identify(issuer.token(kid="k1"))
    forged = jwt.encode(issuer.claims(), SECRET, "HS256", headers={"kid": "oct"})
    assert "key" in await refusal(verifier, forged)
    for kid in ("use", "alg", "ops", "bad", "list"):
        assert "key" in await refusal(verifier, issuer.token(kid=kid, key=rsa_key()))


async def test_weak_keys_are_not_accepted(verifier: TokenVerifier, issuer: Issuer) -> None:
    issuer.keys = {"k1": rsa_key("weak", 1024)}
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = issuer.token()
    assert "key" in await refusal(verifier, token)


def api_settings(**values: Any) -> ApiSettings:
    return ApiSettings(
        **{
            "database_api_url": SecretStr("postgresql:///none"),
            "id_secret": SecretStr(ID_SECRET),
            "jwt_audience": AUDIENCE,
            **values,
        }
    )


async def test_each_issuer_has_its_own_keys(
    issuer: Issuer, other_issuer: Issuer, http: httpx.AsyncClient
) -> None:
    settings = api_settings(
        jwt_issuer=(issuer.name, other_issuer.name), jwt_jwks_url=(issuer.url, other_issuer.url)
    )
    verifier = TokenVerifier.from_settings(settings, http)
    other_issuer.keys = {"k1": ec_key()}
    assert await verifier.identify(issuer.token())
    assert await verifier.identify(other_issuer.token())
    borrowed = issuer.token(iss=other_issuer.name)
    assert "algorithm" in await refusal(verifier, borrowed)


async def test_each_issuer_has_its_own_audience(
    issuer: Issuer, other_issuer: Issuer, http: httpx.AsyncClient
) -> None:
    settings = api_settings(
        jwt_issuer=(issuer.name, other_issuer.name),
        jwt_jwks_url=(issuer.url, other_issuer.url),
        jwt_audience=(AUDIENCE, "authenticated"),
    )
    verifier = TokenVerifier.from_settings(settings, http)

    assert await verifier.identify(issuer.token())
    assert await verifier.identify(other_issuer.token(aud="authenticated"))
    for token in (issuer.token(aud="authenticated"), other_issuer.token()):
        assert "another audience" in await refusal(verifier, token)


async def test_the_same_id_of_two_issuers_is_two_people(
    issuer: Issuer, other_issuer: Issuer, http: httpx.AsyncClient
) -> None:
    async def actors(second: str) -> list[Actor]:
        settings = api_settings(
            jwt_issuer=(issuer.name, second), jwt_jwks_url=(issuer.url, other_issuer.url)
        )
        verifier = TokenVerifier.from_settings(settings, http)
        return [
            (await verifier.identify(tokens.token(sub="42", org_id="acme"))).actor
            for tokens in (issuer, other_issuer)
        ]

    first, other = await actors(other_issuer.name)
    same_users = await actors(f"={other_issuer.name}")

    assert (first.user_id, first.organization_id) == ("42", "acme")
    assert other.user_id != first.user_id
    assert other.tenant != first.tenant
    assert [actor.user_id for actor in same_users] == ["42", "42"]


async def test_each_provider_has_the_rule_of_its_tokens(http: httpx.AsyncClient) -> None:
    """Clerk's name their client, Supabase's are all for one audience, Auth0's are for an API."""
    claims: dict[str, dict[str, Any]] = {
        "clerk": {"aud": ..., "azp": "https://app.example"},
        "supabase": {"aud": "authenticated"},
        "auth0": {"aud": [AUDIENCE, "https://tenant.example/userinfo"], "azp": "a-client"},
    }
    refusals = {
        "clerk": {"supabase": "another audience", "auth0": "another audience"},
        "supabase": {"clerk": "claim aud", "auth0": "another audience"},
        "auth0": {"clerk": "claim aud", "supabase": "another audience"},
    }
    with closing_issuers(claims) as issuers:
        settings = api_settings(
            jwt_issuer=[issuer.name for issuer in issuers.values()],
            jwt_jwks_url=[issuer.url for issuer in issuers.values()],
            jwt_audience=("azp:https://app.example", "authenticated", AUDIENCE),
        )
        verifier = TokenVerifier.from_settings(settings, http)

        for name, issuer in issuers.items():
            assert await verifier.identify(issuer.token(**claims[name]))
            for other, reason in refusals[name].items():
                assert reason in await refusal(verifier, issuer.token(**claims[other]))


@contextmanager
def closing_issuers(names: Iterable[str]) -> Iterator[dict[str, Issuer]]:
    with ExitStack() as stack:
        issuers = {name: Issuer() for name in names}
        for issuer in issuers.values():
            stack.callback(issuer.stop)
        yield issuers


@pytest.mark.parametrize("claim", ["sub", "org_id"])
async def test_the_first_issuer_cannot_give_out_an_id_of_another(
    issuer: Issuer, other_issuer: Issuer, http: httpx.AsyncClient, claim: str
) -> None:
    settings = api_settings(
        jwt_issuer=(issuer.name, other_issuer.name), jwt_jwks_url=(issuer.url, other_issuer.url)
    )
    verifier = TokenVerifier.from_settings(settings, http)
    chosen: dict[str, Any] = {claim: "42"}
    theirs = (await verifier.identify(other_issuer.token(**chosen))).actor
    stolen: dict[str, Any] = {claim: theirs.user_id if claim == "sub" else theirs.organization_id}

    forged = issuer.token(**stolen)

    assert f"claim {claim} of the token is an ID of another" in await refusal(verifier, forged)
    assert await verifier.identify(other_issuer.token(**stolen))


async def test_the_longest_id_of_a_further_issuer_is_refused(
    issuer: Issuer, other_issuer: Issuer, http: httpx.AsyncClient
) -> None:
    settings = api_settings(
        jwt_issuer=(issuer.name, other_issuer.name), jwt_jwks_url=(issuer.url, other_issuer.url)
    )
    verifier = TokenVerifier.from_settings(settings, http)

    assert await verifier.identify(issuer.token(sub="a" * 255))
    assert "1 to 246 printable" in await refusal(verifier, other_issuer.token(sub="a" * 255))


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"azp": "https://app.example"}, None),
        ({"client_id": "web"}, None),
        ({"azp": "https://other.example"}, "another client"),
        ({"azp": "https://other.example", "client_id": "web"}, "another client"),
        ({"azp": ["https://app.example"]}, "another client"),
        ({}, "another client"),
        ({"azp": "https://app.example", "aud": "another-api"}, "another audience"),
    ],
)
async def test_tokens_without_an_audience_name_their_client(
    issuer: Issuer, http: httpx.AsyncClient, claims: dict[str, Any], reason: str | None
) -> None:
    settings = api_settings(
        jwt_issuer=(issuer.name,),
        jwt_jwks_url=(issuer.url,),
        jwt_audience=("azp:https://app.example|web",),
    )
    verifier = TokenVerifier.from_settings(settings, http)
    token = issuer.token(**{"aud": ..., **claims})

    if reason is None:
        assert await verifier.identify(token)
    else:
        assert reason in await refusal(verifier, token)


async def test_a_shared_secret_is_accepted(issuer: Issuer, http: httpx.AsyncClient) -> None:
    settings = api_settings(jwt_issuer=(issuer.name, "second"), jwt_secret=SecretStr(SECRET))
    verifier = TokenVerifier.from_settings(settings, http)
    for name in (issuer.name, "second"):
        claims = issuer.claims(iss=name)
        assert await verifier.identify(jwt.encode(claims, SECRET, "HS256"))
        assert await verifier.identify(jwt.encode(claims, SECRET, "HS256", headers={"kid": "any"}))
    wrong = jwt.encode(issuer.claims(), SECRET[::-1], "HS256")
    assert "signature" in await refusal(verifier, wrong)
    for algorithm in ("HS384", "HS512"):
        with pytest.warns(jwt.InsecureKeyLengthWarning):
            token = jwt.encode(issuer.claims(), SECRET, algorithm)
        assert "algorithm" in await refusal(verifier, token)
    assert "algorithm" in await refusal(verifier, issuer.token())
    assert issuer.requests == 0


def test_a_shared_secret_is_not_shown() -> None:
    source = SharedSecret(SecretStr(SECRET))
    assert SECRET not in f"{source!r} {vars(source)!r}"


async def test_a_permission_to_publish_can_be_required(
    issuer: Issuer, http: httpx.AsyncClient
) -> None:
    settings = api_settings(
        jwt_issuer=(issuer.name,),
        jwt_jwks_url=(issuer.url,),
        jwt_publish_permission="events:publish",
    )
    verifier = TokenVerifier.from_settings(settings, http)
    assert not (await verifier.identify(issuer.token())).actor.may_publish
    permitted = await verifier.identify(issuer.token(permissions=["events:publish"]))
    assert permitted.actor.may_publish
