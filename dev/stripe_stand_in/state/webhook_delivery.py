"""Delivers events: signed, at least once, in no particular order.

Source of the signature: https://docs.stripe.com/webhooks#verify-manually.
"""

import asyncio
import hashlib
import hmac
import json
import random
import time
from typing import Final

import httpx

from dev.stripe_stand_in.state.models import (
    SNAPSHOT_EVENT,
    THIN_EVENT,
    DeliveryMode,
    WebhookDelivery,
    WebhookEndpoint,
)
from dev.stripe_stand_in.state.store import Store
from domain.json_values import JsonObject

FIRST_RETRY_SECONDS: Final = 0.1
MAX_RETRY_SECONDS: Final = 5.0
"""Short for development; Stripe's own retries are hours apart, and end after three days."""

_RESPONSE_TIMEOUT_SECONDS: Final = 10.0
_MAX_CONCURRENT: Final = 8

_THIN_EVENT_OMITS: Final = frozenset({"data", "changes"})
"""Receivers fetch these."""


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The value of ``Stripe-Signature``."""
    signed = f"{timestamp}.".encode() + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class WebhookSender:
    """Repeats each delivery until it succeeds (2xx) or its endpoint is removed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._http = httpx.AsyncClient(timeout=_RESPONSE_TIMEOUT_SECONDS, trust_env=False)
        self._slots = asyncio.Semaphore(_MAX_CONCURRENT)
        self._tasks: set[asyncio.Task[None]] = set()

    def resume(self) -> None:
        """Sends deliveries that were pending when the stand-in stopped."""
        for delivery in self._store.deliveries.values():
            if not delivery.delivered and not delivery.held:
                self.send(delivery)

    def send(self, delivery: WebhookDelivery) -> None:
        mode = self._store.delivery_mode
        if not self._event(delivery)["type"].startswith(mode.events):
            mode = DeliveryMode()
        delivery.held = mode.held
        for _ in range(0 if mode.held else mode.times):
            task = asyncio.create_task(self._deliver(delivery, mode.seconds))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def set_mode(self, mode: DeliveryMode) -> None:
        """Applies to events from now on, and to those that are held."""
        self._store.delivery_mode = mode
        waiting = [delivery for delivery in self._store.deliveries.values() if delivery.held]
        if mode.shuffled:
            random.shuffle(waiting)
        for delivery in waiting:
            self.send(delivery)
        self._store.changed()

    def drop_all(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        self.drop_all()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def _deliver(self, delivery: WebhookDelivery, delay: float) -> None:
        await asyncio.sleep(delay)
        wait = FIRST_RETRY_SECONDS
        while endpoint := self._store.endpoints.get(delivery.endpoint_id):
            async with self._slots:
                status = await self._attempt(delivery, endpoint)
            delivery.attempts += 1
            delivery.last_status = status
            delivery.delivered = status is not None and httpx.codes.is_success(status)
            self._store.keep("deliveries", delivery.id, delivery)
            if delivery.delivered:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, MAX_RETRY_SECONDS)

    async def _attempt(self, delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> int | None:
        event = self._event(delivery)
        body = json.dumps(_payload(_in_live_mode(event) if delivery.livemode else event)).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, endpoint.secret, int(time.time())),
        }
        try:
            response = await self._http.post(endpoint.url, content=body, headers=headers)
        except httpx.TransportError:
            return None
        return response.status_code

    def _event(self, delivery: WebhookDelivery) -> JsonObject:
        account, event_id = delivery.account, delivery.event_id
        snapshot = self._store.find(account, SNAPSHOT_EVENT, event_id)
        return snapshot or self._store.get(account, THIN_EVENT, event_id)


def _in_live_mode(event: JsonObject) -> JsonObject:
    """The event as if it were one of live mode, with its own id."""
    live = {**event, "id": f"{event['id']}live", "livemode": True}
    if event["object"] == SNAPSHOT_EVENT:
        live["data"] = {"object": {**event["data"]["object"], "livemode": True}}
    return live


def _payload(event: JsonObject) -> JsonObject:
    if event["object"] == SNAPSHOT_EVENT:
        return event
    return {name: value for name, value in event.items() if name not in _THIN_EVENT_OMITS}
