"""Keys that verify signatures. Each allows one algorithm, which no token can change."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from jwt import PyJWK, PyJWTError
from pydantic import SecretStr

_ALGORITHMS: Final = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}
"""Type and curve of a published key → its algorithm. ``oct`` is missing on purpose: a secret that
is published is none."""

_PUBLIC_MEMBERS: Final = {
    "RSA": ("kty", "n", "e"),
    "EC": ("kty", "crv", "x", "y"),
    "OKP": ("kty", "crv", "x"),
}
"""RFC 7518, section 6, and RFC 8037: what makes up a public key."""


class KeySetUnreadable(Exception):
    """The issuer's key set cannot be fetched or is not one. The message is for operators."""


@dataclass(frozen=True)
class VerificationKey:
    algorithm: str
    material: PyJWK | bytes = field(repr=False)
    kid: str | None = None


class KeySource(Protocol):
    """Where the keys of one issuer come from."""

    async def find(self, kid: str | None) -> VerificationKey | None:
        """The key that a token names; None when the issuer has no such key.

        Raises:
            Unavailable: the issuer's keys are out of reach.
        """


class SharedSecret:
    """An issuer that signs with a secret (HS256). There is one key, so ``kid`` does not matter."""

    def __init__(self, secret: SecretStr) -> None:
        self._key = VerificationKey("HS256", secret.get_secret_value().encode())

    async def find(self, kid: str | None) -> VerificationKey | None:  # noqa: ARG002 - the protocol's
        return self._key


@dataclass(frozen=True)
class KeySet:
    """The usable keys of a JSON Web Key Set (RFC 7517)."""

    keys: tuple[VerificationKey, ...]

    def find(self, kid: str | None) -> VerificationKey | None:
        """A token without ``kid`` can only mean the key of an issuer that has just one."""
        if kid is None:
            return self.keys[0] if len(self.keys) == 1 else None
        return next((key for key in self.keys if key.kid == kid), None)


def parse_key_set(document: bytes) -> KeySet:
    """Reads a key set. Keys of other kinds and for other uses are left out, as RFC 7517 asks.

    Raises:
        KeySetUnreadable: the document is no key set.
    """
    try:
        parsed = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise KeySetUnreadable("the key set is not JSON") from error
    entries = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(entries, list):
        raise KeySetUnreadable("the key set has no list of keys")
    return KeySet(tuple(_usable(entries)))


def _usable(entries: list[Any]) -> Iterator[VerificationKey]:
    for entry in entries:
        key = _verification_key(entry) if isinstance(entry, dict) else None
        if key is not None:
            yield key


def _verification_key(jwk: dict[str, Any]) -> VerificationKey | None:
    algorithm = _algorithm(jwk)
    if algorithm is None or not _is_for_signatures(jwk):
        return None
    public = {name: jwk.get(name) for name in _PUBLIC_MEMBERS[jwk["kty"]]}
    if not all(isinstance(value, str) for value in public.values()):
        return None
    try:
        material = PyJWK(public, algorithm)
    except PyJWTError:
        return None
    kid = jwk.get("kid")
    return VerificationKey(algorithm, material, kid if isinstance(kid, str) else None)


def _algorithm(jwk: dict[str, Any]) -> str | None:
    """What the key's type allows; None also when the key says it is meant for something else."""
    kty = jwk.get("kty")
    curve = None if kty == "RSA" else jwk.get("crv")
    if not isinstance(kty, str) or not isinstance(curve, str | None):
        return None
    algorithm = _ALGORITHMS.get((kty, curve))
    return algorithm if jwk.get("alg", algorithm) == algorithm else None


def _is_for_signatures(jwk: dict[str, Any]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations
    )
