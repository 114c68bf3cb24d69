"""Records what happened, for whoever polls or has a webhook endpoint.

v1's objects make snapshot events, which carry the object. v2's make thin events, which carry a
reference. Types: the ``LOOKUP_TYPE`` of the classes in ``stripe.events``, and the ``type`` of
``stripe.Event``.
"""

from collections.abc import Callable
from typing import Final

import stripe

from dev.stripe_stand_in.calls import PLATFORM, Call
from dev.stripe_stand_in.identifiers import new_id, rfc3339_now, unix_now
from dev.stripe_stand_in.records import Delivery, Payload, WebhookEndpoint
from dev.stripe_stand_in.store import ACCOUNT, SNAPSHOT_EVENT, THIN_EVENT, Store
from domain.json_values import JsonObject

# What a delivered thin event leaves out: to be fetched.
_FETCHED_ONLY: Final = frozenset({"data", "changes"})


class Events:
    """Writes events into the store; ``announce`` is told of every delivery that is due."""

    def __init__(self, store: Store, announce: Callable[[Delivery], None]) -> None:
        self._store = store
        self._announce = announce

    def snapshot(
        self,
        account: str,
        kind: str,
        obj: JsonObject,
        call: Call | None,
        previous_attributes: JsonObject | None = None,
    ) -> None:
        """``call``: what caused it; None for a person on a page."""
        data: JsonObject = {"object": obj}
        if previous_attributes is not None:
            data["previous_attributes"] = previous_attributes
        event = {
            "id": new_id("evt"),
            "object": SNAPSHOT_EVENT,
            "api_version": stripe.api_version,
            "created": unix_now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": {
                "id": call.id if call else None,
                "idempotency_key": call.idempotency_key if call else None,
            },
            "type": kind,
            **({} if account == PLATFORM else {"account": account}),
        }
        self._record(account, event)

    def thin(
        self, kind: str, account_id: str, call: Call | None, data: JsonObject | None = None
    ) -> None:
        """About an account, which is the platform's own object."""
        reason = {"id": call.id, "idempotency_key": call.idempotency_key or ""} if call else None
        event = {
            "id": new_id("evt"),
            "object": THIN_EVENT,
            "type": kind,
            "created": rfc3339_now(),
            "livemode": False,
            "context": None,
            "reason": {"type": "request", "request": reason} if reason else None,
            "related_object": {
                "id": account_id,
                "type": ACCOUNT,
                "url": f"/v2/core/accounts/{account_id}",
            },
            "data": data or {},
            "changes": None,
        }
        self._record(PLATFORM, event)

    def redeliver(self, account: str, event: JsonObject) -> int:
        """Once more to every endpoint that hears of it. How many those are."""
        endpoints = [each for each in self._store.endpoints.values() if _hears(each, event)]
        for endpoint in endpoints:
            delivery = Delivery(
                id=new_id("dlv"), endpoint_id=endpoint.id, account=account, event_id=event["id"]
            )
            self._store.deliveries[delivery.id] = delivery
            self._announce(delivery)
        self._store.changed()
        return len(endpoints)

    def _record(self, account: str, event: JsonObject) -> None:
        self._store.put(account, event)
        sent_to = self.redeliver(account, event)
        if event["object"] == SNAPSHOT_EVENT:
            event["pending_webhooks"] = sent_to


def delivered_form(event: JsonObject) -> JsonObject:
    """What an endpoint is sent."""
    if event["object"] == SNAPSHOT_EVENT:
        return event
    return {name: value for name, value in event.items() if name not in _FETCHED_ONLY}


def _hears(endpoint: WebhookEndpoint, event: JsonObject) -> bool:
    if event["object"] == THIN_EVENT:
        return endpoint.payload is Payload.THIN
    return endpoint.payload is Payload.SNAPSHOT and endpoint.connect == ("account" in event)
