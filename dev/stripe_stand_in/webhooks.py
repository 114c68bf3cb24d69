"""Delivers events: signed, at least once, in no particular order.

Source of the signature: https://docs.stripe.com/webhooks#verify-manually.
"""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Final

import httpx

from dev.stripe_stand_in.events import delivered_form
from dev.stripe_stand_in.records import Delivery, WebhookEndpoint
from dev.stripe_stand_in.store import SNAPSHOT_EVENT, THIN_EVENT, Store
from domain.json_values import JsonObject

FIRST_RETRY_SECONDS: Final = 0.1
MAX_RETRY_SECONDS: Final = 5.0
"""Stripe waits for hours and gives up after three days; here nobody wants to wait."""

_ANSWER_WITHIN_SECONDS: Final = 10.0
_AT_ONCE: Final = 8


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The value of ``Stripe-Signature``."""
    signed = f"{timestamp}.".encode() + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class Courier:
    """Carries each delivery until it is taken (2xx), or its endpoint is gone."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._http = httpx.AsyncClient(timeout=_ANSWER_WITHIN_SECONDS, trust_env=False)
        self._lanes = asyncio.Semaphore(_AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    def resume(self) -> None:
        """What was not delivered when the stand-in was stopped."""
        for delivery in self._store.deliveries.values():
            if not delivery.delivered:
                self.send(delivery)

    def send(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._carry(delivery))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def drop_all(self) -> None:
        for task in self._under_way:
            task.cancel()

    async def close(self) -> None:
        self.drop_all()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._http.aclose()

    async def _carry(self, delivery: Delivery) -> None:
        wait = FIRST_RETRY_SECONDS
        while endpoint := self._store.endpoints.get(delivery.endpoint_id):
            async with self._lanes:
                status = await self._attempt(delivery, endpoint)
            delivery.attempts += 1
            delivery.last_status = status
            delivery.delivered = status is not None and httpx.codes.is_success(status)
            self._store.changed()
            if delivery.delivered:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, MAX_RETRY_SECONDS)

    async def _attempt(self, delivery: Delivery, endpoint: WebhookEndpoint) -> int | None:
        body = json.dumps(delivered_form(self._event(delivery))).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, endpoint.secret, int(time.time())),
        }
        try:
            answer = await self._http.post(endpoint.url, content=body, headers=headers)
        except httpx.TransportError:
            return None
        return answer.status_code

    def _event(self, delivery: Delivery) -> JsonObject:
        account, name = delivery.account, delivery.event_id
        snapshot = self._store.find(account, SNAPSHOT_EVENT, name)
        return snapshot or self._store.get(account, THIN_EVENT, name)
