"""The registered client, a public one (RFC 6749, section 2.1): the web front end.

Also the constants of the provider that clients need, apart from the code that signs, which takes
longer to load than a command of the stack takes to run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

WEB_CLIENT_ID: Final = "event-wizard-web"
AUDIENCE: Final = "event-wizard"
JWKS_PATH: Final = "/.well-known/jwks.json"
INVITATIONS_PATH: Final = "/invitations"
DEFAULT_TTL_SECONDS: Final = 8 * 60 * 60
"""A working day."""

REDIRECT_PATH: Final = "/signed-in"
SIGNED_OUT_PATH: Final = "/"


@dataclass(frozen=True)
class PublicClient:
    """Addresses are compared as text, as RFC 9700, section 2.1 requires."""

    id: str
    origins: tuple[str, ...]
    """From which the client runs; also those that may send cross-origin requests."""

    @property
    def redirect_uris(self) -> frozenset[str]:
        return frozenset(f"{origin}{REDIRECT_PATH}" for origin in self.origins)

    @property
    def signed_out_uris(self) -> frozenset[str]:
        return frozenset(f"{origin}{SIGNED_OUT_PATH}" for origin in self.origins)


def web_client(addresses: Iterable[str]) -> PublicClient:
    """The front end at any of these addresses; a path is ignored."""
    origins = (origin_of(address) for address in addresses if address.strip())
    return PublicClient(WEB_CLIENT_ID, tuple(dict.fromkeys(origins)))


def origin_of(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address.strip())
    return f"{parts.scheme}://{parts.netloc}"
