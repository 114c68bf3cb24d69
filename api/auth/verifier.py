"""Verifies tokens according to RFC 7519 and RFC 8725 (best current practices).

A token selects one of the configured issuers and one of that issuer's keys, and nothing else. The
key determines the algorithm. Headers that refer to other keys (``jku``, ``x5u``, ``jwk``) are
ignored. Verified tokens are cached, because a front end sends the same token with every save.
"""

import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

import httpx
import jwt
from jwt.exceptions import InvalidSubjectError
from pydantic import SecretStr

from api.auth.claims import (
    NO_NAMESPACE,
    Claims,
    Identity,
    Namespace,
    identity_from,
    permissions_of,
)
from api.auth.keys import KeySource, PublishedKeys, SharedSecret, VerificationKey
from domain.errors import Unauthenticated
from settings import AcceptedAudience, TokenSettings

MAX_TOKEN_LENGTH: Final = 8 * 1024
LEEWAY_SECONDS: Final = 30

_REFUSALS: Final[dict[type[jwt.PyJWTError], str]] = {
    jwt.ExpiredSignatureError: "The token has expired.",
    jwt.ImmatureSignatureError: "The token is not valid yet.",
    jwt.InvalidAudienceError: "The token is for another audience.",
    InvalidSubjectError: "The claim sub of the token must be text.",
    jwt.InvalidSignatureError: "The signature of the token is not valid.",
    jwt.InvalidAlgorithmError: "The signature algorithm of the token is not allowed.",
    jwt.InvalidKeyError: "The signing key of the token is not accepted.",
}


class TokenVerifier:
    """Verifies bearer tokens, and converts them to actors."""

    def __init__(
        self,
        issuers: Mapping[str, KeySource],
        *,
        audiences: Mapping[str, AcceptedAudience],
        namespaces: Mapping[str, str] | None = None,
        publish_permission: str | None = None,
    ) -> None:
        self._issuers = dict(issuers)
        self._audiences = dict(audiences)
        self._namespaces = _namespaces(namespaces or {})
        self._publish_permission = publish_permission
        self._verified = VerifiedTokens()

    @classmethod
    def from_settings(cls, settings: TokenSettings, http: httpx.AsyncClient) -> "TokenVerifier":
        """``http`` fetches key sets; the caller closes it."""
        issuers = {
            issuer: _key_source(issuer, url, settings.jwt_secret, http)
            for issuer, url in settings.issuer_keys.items()
        }
        return cls(
            issuers,
            audiences=settings.issuer_audiences,
            namespaces=settings.issuer_namespaces,
            publish_permission=settings.jwt_publish_permission,
        )

    async def identify(self, token: str) -> Identity:
        """The caller that the token identifies.

        Raises:
            Unauthenticated: the token is invalid; the message has the reason, and never quotes it.
            Unavailable: the issuer's keys cannot be fetched.
        """
        _require_plausible(token)
        identity = self._verified.get(token)
        if identity is None:
            claims = await self._verified_claims(token)
            identity = identity_from(
                claims,
                publish_permission=self._publish_permission,
                namespace=self._namespaces.get(claims["iss"], NO_NAMESPACE),
            )
            self._verified.put(token, identity)
        return identity

    async def permissions(self, token: str) -> set[str]:
        """The permissions in the token.

        Raises:
            Unauthenticated, Unavailable: as :meth:`identify`.
        """
        _require_plausible(token)
        return permissions_of(await self._verified_claims(token))

    async def _verified_claims(self, token: str) -> Claims:
        issuer, kid = _origin(token)
        source = self._issuers.get(issuer)
        if source is None:
            raise Unauthenticated("The issuer of the token is not accepted.")
        key = await source.find(kid)
        if key is None:
            raise Unauthenticated("The signing key of the token is unknown.")
        accepted = self._audiences[issuer]
        claims = self._decode(token, key, issuer, accepted.audience)
        if accepted.audience is None:
            _require_party(claims, accepted.parties)
        return claims

    def _decode(
        self, token: str, key: VerificationKey, issuer: str, audience: str | None
    ) -> Claims:
        """``audience`` is None if the token may have none: a token for one is refused then."""
        try:
            claims = jwt.decode(
                token,
                key.material,
                algorithms=[key.algorithm],
                issuer=issuer,
                audience=audience,
                leeway=LEEWAY_SECONDS,
                options={
                    "require": ["iss", "sub", "exp", *([] if audience is None else ["aud"])],
                    "enforce_minimum_key_length": True,
                },
            )
        except jwt.PyJWTError as error:
            raise _refusal(error) from None  # a cause could put parts of the token into a log
        if isinstance(claims["exp"], bool) or not isinstance(claims["exp"], int | float):
            raise Unauthenticated("The claim exp of the token must be a number.")
        return claims


def _namespaces(prefixes: Mapping[str, str]) -> dict[str, Namespace]:
    """By issuer. Prefixes are of one length, so two of them never make the same id."""
    reserved = tuple(filter(None, prefixes.values()))
    return {
        issuer: Namespace(prefix, () if prefix else reserved) for issuer, prefix in prefixes.items()
    }


def _require_party(claims: Claims, parties: frozenset[str]) -> None:
    """The client of the token: ``azp`` (OpenID Connect Core) or ``client_id`` (RFC 9068).

    Raises:
        Unauthenticated: the token was issued to another client, or to none.
    """
    party = claims.get("azp") or claims.get("client_id")
    if not isinstance(party, str) or party not in parties:
        raise Unauthenticated("The token was issued to another client.")


def _key_source(
    issuer: str, url: str | None, secret: SecretStr | None, http: httpx.AsyncClient
) -> KeySource:
    if url is not None:
        return PublishedKeys(issuer, url, http)
    if secret is None:
        raise ValueError(f"there is neither a key set nor a secret for {issuer}")
    return SharedSecret(secret)


def _require_plausible(token: str) -> None:
    if len(token) > MAX_TOKEN_LENGTH:
        raise Unauthenticated(f"The token must be at most {MAX_TOKEN_LENGTH} characters.")
    if not token.isascii():
        raise Unauthenticated("The token is malformed.")


def _origin(token: str) -> tuple[str, str | None]:
    """The issuer and the key id, which select the key and are not verified yet."""
    try:
        claimed = jwt.decode_complete(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise _refusal(error) from None
    issuer = claimed["payload"].get("iss")
    if not isinstance(issuer, str):
        raise Unauthenticated("The claim iss of the token must be text.")
    kid: Any = claimed["header"].get("kid")
    return issuer, kid


def _refusal(error: jwt.PyJWTError) -> Unauthenticated:
    if isinstance(error, jwt.MissingRequiredClaimError):
        return Unauthenticated(f"The claim {error.claim} of the token is required.")
    return Unauthenticated(_REFUSALS.get(type(error), "The token is malformed."))


MAX_AGE: Final = 60.0
"""Seconds. A token of a withdrawn key is accepted for at most this long after keys are renewed."""

MAX_TOKENS: Final = 10_000


class VerifiedTokens:
    """A cache of identities by the hash of their token; tokens themselves are not stored."""

    def __init__(
        self, *, max_tokens: int = MAX_TOKENS, clock: Callable[[], float] = time.time
    ) -> None:
        self._max_tokens = max_tokens
        self._clock = clock
        self._entries: dict[bytes, tuple[Identity, float]] = {}

    def get(self, token: str) -> Identity | None:
        key = _hash(token)
        identity, until = self._entries.get(key, (None, 0.0))
        if identity is not None and until <= self._clock():
            del self._entries[key]
            return None
        return identity

    def put(self, token: str, identity: Identity) -> None:
        if len(self._entries) >= self._max_tokens:
            # The oldest entry: dictionaries keep insertion order.
            del self._entries[next(iter(self._entries))]
        until = min(identity.expires_at, self._clock() + MAX_AGE)
        self._entries[_hash(token)] = (identity, until)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
