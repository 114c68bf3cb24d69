"""Sends messages to the receiver, signed according to the Standard Webhooks specification.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import httpx
from pydantic import SecretStr
from standardwebhooks import Webhook

from domain.json_values import JsonObject
from notifications.answers import ReceiverAnswer, answer_of

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)

DEADLINE: Final = 20.0
"""Seconds for the whole request, because ``TIMEOUT`` applies to each read alone."""


class Sender:
    """Signs with all secrets; there are several during a rotation, the newest first."""

    def __init__(self, url: str, secrets: Sequence[SecretStr]) -> None:
        self._url = url
        self._keys = [Webhook(secret.get_secret_value()) for secret in secrets]
        self._http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def send(self, message_id: str, payload: JsonObject) -> ReceiverAnswer:
        """Sends one message. Never raises: the result has errors of receiver and network."""
        body = json.dumps(payload, separators=(",", ":"))
        headers = self._headers(message_id, body, datetime.now(UTC))
        try:
            async with (
                asyncio.timeout(DEADLINE),
                # Streamed, so that only status and headers of the response are read.
                self._http.stream("POST", self._url, content=body, headers=headers) as response,
            ):
                return answer_of(
                    response.status_code, response.headers.get("retry-after"), datetime.now(UTC)
                )
        except (httpx.TransportError, TimeoutError) as error:
            return ReceiverAnswer(error=type(error).__name__)

    async def close(self) -> None:
        await self._http.aclose()

    def _headers(self, message_id: str, body: str, now: datetime) -> dict[str, str]:
        return {
            "content-type": "application/json",
            "user-agent": "event-wizard",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(key.sign(message_id, now, body) for key in self._keys),
        }
