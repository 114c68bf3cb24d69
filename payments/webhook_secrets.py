"""The signing secrets of the webhook endpoints, from the setting ``STRIPE_WEBHOOK_SECRETS``.

An entry is a secret (``whsec_…``) or ``platform:whsec_…`` or ``connect:whsec_…``. Without a prefix,
the secret accepts the events of both endpoints. ``stripe listen`` signs all events with one secret.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import SecretStr

_ENTRY: Final = re.compile(r"(?:(?P<endpoint>platform|connect)\s*:\s*)?(?P<secret>whsec_[!-9;-~]+)")


class EndpointKind(StrEnum):
    """Stripe has an endpoint of each kind, with its own secret; both may have the same URL.

    Source: https://docs.stripe.com/connect/webhooks.
    """

    PLATFORM = "platform"
    """Events of the platform's own account (``@self``)."""

    CONNECT = "connect"
    """Events of connected accounts (``@accounts``)."""


@dataclass(frozen=True)
class WebhookSecret:
    """``endpoint`` is None if the secret accepts the events of both endpoints."""

    value: SecretStr
    endpoint: EndpointKind | None = None

    @classmethod
    def parse(cls, entry: SecretStr) -> "WebhookSecret":
        """
        Raises:
            ValueError: the entry is malformed; the message does not quote it.
        """
        parts = _ENTRY.fullmatch(entry.get_secret_value())
        if parts is None:
            raise ValueError("must be whsec_..., platform:whsec_... or connect:whsec_...")
        endpoint = parts["endpoint"]
        return cls(SecretStr(parts["secret"]), EndpointKind(endpoint) if endpoint else None)

    def accepts(self, endpoint: EndpointKind) -> bool:
        return self.endpoint in {None, endpoint}
