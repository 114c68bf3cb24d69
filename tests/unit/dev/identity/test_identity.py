"""Development tokens, and the documents that verify tokens."""

from pathlib import Path

import httpx
import jwt
import pytest

from dev.identity.issuer import Issuer
from dev.stack.state import NoSigningKey
from tests.unit.dev.identity.conftest import FRONT_END, URL
from tests.unit.dev.identity.flow import Flow


def decode(issuer: Issuer, token: str) -> dict[str, object]:
    keys = jwt.PyJWKSet.from_dict(issuer.jwks())
    key = keys[jwt.get_unverified_header(token)["kid"]].key
    claims: dict[str, object] = jwt.decode(
        token, key, algorithms=["RS256"], audience="event-wizard", issuer=URL
    )
    return claims


async def test_a_token_has_the_requested_claims_and_no_others(
    http: httpx.AsyncClient, issuer: Issuer
) -> None:
    answer = (await http.post("/token", json={"user": "ada"})).json()

    assert decode(issuer, answer["access_token"]).keys() == {"iss", "aud", "sub", "iat", "exp"}
    assert answer["token_type"] == "Bearer"


@pytest.mark.parametrize("permissions", [("events:publish",)])
async def test_whoever_signs_in_has_the_permissions_of_the_provider(
    flow: Flow, http: httpx.AsyncClient, issuer: Issuer
) -> None:
    signed_in = await flow.tokens()
    renewed = await flow.refresh(signed_in["refresh_token"])
    by_default = await http.post("/token", json={"user": "ada"})
    named = await http.post("/token", json={"user": "ada", "permissions": ["wizard:operate"]})
    without = await http.post("/token", json={"user": "ada", "permissions": []})

    tokens = (signed_in, renewed, by_default.json(), named.json(), without.json())
    given = [decode(issuer, answer["access_token"]).get("permissions") for answer in tokens]
    assert given == [["events:publish"]] * 3 + [["wizard:operate"], None]


def test_a_token_with_a_negative_ttl_has_expired(issuer: Issuer) -> None:
    with pytest.raises(jwt.ExpiredSignatureError):
        decode(issuer, issuer.token(user="ada", ttl=-60))


async def test_the_published_key_is_the_public_one(http: httpx.AsyncClient) -> None:
    (key,) = (await http.get("/.well-known/jwks.json")).json()["keys"]

    assert key.keys() == {"kty", "n", "e", "kid", "use", "alg"}


async def test_discovery_names_the_key_set(http: httpx.AsyncClient) -> None:
    document = (await http.get("/.well-known/openid-configuration")).json()

    assert document["issuer"] == URL
    assert document["jwks_uri"] == f"{URL}/.well-known/jwks.json"


def test_the_key_is_kept_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    issuer = Issuer.open(tmp_path, URL)

    assert Issuer.open(tmp_path, URL).jwks() == issuer.jwks()
    assert Issuer.last_opened(tmp_path).jwks() == issuer.jwks()
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600


def test_a_directory_without_a_key_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoSigningKey, match="start the stack once"):
        Issuer.last_opened(tmp_path)


@pytest.mark.parametrize(
    ("origin", "allowed"), [(FRONT_END, FRONT_END), ("http://evil.example", None)]
)
async def test_only_allowed_origins_may_ask_from_a_browser(
    http: httpx.AsyncClient, origin: str, allowed: str | None
) -> None:
    answer = await http.post("/token", json={"user": "ada"}, headers={"Origin": origin})

    assert answer.headers.get("access-control-allow-origin") == allowed
