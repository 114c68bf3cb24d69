"""A token issuer with real keys and signatures, which serves its key set over HTTP."""

import base64
import json
import threading
import time
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

AUDIENCE = "event-wizard"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@cache
def rsa_key(name: str = "first", bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key by name, cached because generating one takes a while."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def algorithm_of(key: PrivateKey) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return "RS256"
    return "ES256" if isinstance(key, ec.EllipticCurvePrivateKey) else "EdDSA"


def public_jwk(key: PrivateKey, **members: Any) -> dict[str, Any]:
    jwk: dict[str, Any]
    if isinstance(key, rsa.RSAPrivateKey):
        jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        jwk = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**jwk, **members}


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def compact(header: Any, payload: Any, sign: Callable[[bytes], bytes]) -> str:
    """A token in compact form, including tokens that a library would refuse to create."""
    signed = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(payload).encode())}"
    return f"{signed}.{encoded(sign(signed.encode()))}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Issuer:
    """Serves its key set at ``url``, and counts the requests."""

    def __init__(self) -> None:
        self.keys: dict[str, PrivateKey] = {"k1": rsa_key()}
        self.answer: tuple[int, bytes, dict[str, str]] | None = None
        self.requests = 0
        self.open = threading.Event()
        self.open.set()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.name = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.name}/jwks.json"

    def stop(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Accepted claims, with changes; ``...`` removes a claim."""
        claims = {
            "iss": self.name,
            "sub": "ada",
            "aud": AUDIENCE,
            "exp": int(time.time()) + 600,
            "jti": uuid4().hex,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not ...}

    def token(
        self,
        *,
        kid: str | None = "k1",
        key: PrivateKey | None = None,
        header: dict[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        key = key or self.keys[kid or "k1"]
        headers = {**({"kid": kid} if kid is not None else {}), **(header or {})}
        return jwt.encode(self.claims(**changes), key, algorithm_of(key), headers=headers)

    def publish(self, *jwks: Any) -> None:
        """Replaces the published key set."""
        self.answer = (200, json.dumps({"keys": jwks}).encode(), {})

    def _respond(self) -> tuple[int, bytes, dict[str, str]]:
        if self.answer is not None:
            return self.answer
        jwks = [public_jwk(key, kid=kid) for kid, key in self.keys.items()]
        return 200, json.dumps({"keys": jwks}).encode(), {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests += 1
                issuer.open.wait(30)
                status, body, headers = issuer._respond()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    return

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
                return

        return Handler
