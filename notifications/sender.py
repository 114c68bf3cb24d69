"""Sending a message to the one receiver, signed after the Standard Webhooks specification.

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
"""Seconds for all of it: a time-out is for each read alone, and an answer may trickle."""


class Sender:
    """The first of several secrets is the new one while they are rotated; all of them sign."""

    def __init__(self, url: str, secrets: Sequence[SecretStr]) -> None:
        self._url = url
        self._keys = [Webhook(secret.get_secret_value()) for secret in secrets]
        self._http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def send(self, message_id: str, payload: JsonObject) -> ReceiverAnswer:
        """Never raises for what the receiver does or does not do."""
        body = json.dumps(payload, separators=(",", ":"))
        headers = self._headers(message_id, body, datetime.now(UTC))
        try:
            async with (
                asyncio.timeout(DEADLINE),
                # Streamed, and so of what comes back only status and headers are read.
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
