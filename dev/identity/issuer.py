"""Signs development tokens and publishes the key that verifies them."""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from dev.identity.clients import AUDIENCE, DEFAULT_TTL_SECONDS
from dev.stack.state import NoSigningKey

ALGORITHM: Final = "RS256"

_KEY_BITS: Final = 2048


class Issuer:
    """One private key, and the URL in the ``iss`` of its tokens."""

    def __init__(self, key: rsa.RSAPrivateKey, url: str) -> None:
        self.url = url
        self._key = key
        self._public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self._key_id = _thumbprint(self._public)

    @classmethod
    def open(cls, directory: Path, url: str) -> "Issuer":
        """Returns the issuer whose key is in the directory. The first call generates the key."""
        directory.mkdir(parents=True, exist_ok=True)
        key_file = directory / "key.pem"
        if not key_file.exists():
            _write_new_key(key_file)
        (directory / "issuer").write_text(url)
        return cls(_read_key(key_file), url)

    @classmethod
    def last_opened(cls, directory: Path) -> "Issuer":
        """Returns the issuer as it last ran; it need not be running.

        Raises:
            NoSigningKey: it has never run.
        """
        try:
            return cls(_read_key(directory / "key.pem"), (directory / "issuer").read_text())
        except FileNotFoundError:
            raise NoSigningKey(
                "there is no key to sign tokens with yet: start the stack once with make up"
            ) from None

    def token(
        self,
        *,
        user: str,
        org: str | None = None,
        email: str | None = None,
        permissions: Sequence[str] = (),
        ttl: int = DEFAULT_TTL_SECONDS,
    ) -> str:
        """Returns a signed token.

        Args:
            permissions: in the claim of Auth0, ``permissions``.
            ttl: in seconds; a negative one makes an expired token.
        """
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": user,
            "iat": now,
            "exp": now + ttl,
            "org_id": org,
            "email": email,
            "permissions": list(permissions) or None,
        }
        return self.sign({name: value for name, value in claims.items() if value is not None})

    def sign(self, claims: dict[str, Any], *, kind: str = "JWT") -> str:
        """``kind``: the media type of the token, without ``application/`` (``typ``)."""
        headers = {"kid": self._key_id, "typ": kind}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers=headers)

    def claims(self, token: str, *, audience: str) -> dict[str, Any] | None:
        """The claims of a token of this issuer, even an expired one; None for any other token."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[ALGORITHM],
                audience=audience,
                issuer=self.url,
                options={"verify_exp": False, "require": ["exp", "sub"]},
            )
        except jwt.PyJWTError:
            return None
        return claims

    def jwks(self) -> dict[str, Any]:
        """The key set (RFC 7517)."""
        key = {**self._public, "kid": self._key_id, "use": "sig", "alg": ALGORITHM}
        key.pop("key_ops", None)
        return {"keys": [key]}


def _thumbprint(public: dict[str, Any]) -> str:
    """The thumbprint of a key (RFC 7638)."""
    members = {name: public[name] for name in ("e", "kty", "n")}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _write_new_key(file: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = file.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(text)
    draft.replace(file)


def _read_key(file: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise NoSigningKey(f"{file} is not an RSA key")
    return key
