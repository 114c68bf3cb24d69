"""Records events, which are listed and delivered.

v1 has snapshot events, which contain the object; v2 has thin events, which refer to it. Their types
are the ``type`` of ``stripe.Event`` and the ``LOOKUP_TYPE`` of the classes in ``stripe.events``.
"""

from collections.abc import Callable

import stripe

from dev.stripe_stand_in.protocol.attributes import new_id, rfc3339_now, unix_now
from dev.stripe_stand_in.protocol.requests import RawRequest
from dev.stripe_stand_in.state.models import ACCOUNT, SNAPSHOT_EVENT, THIN_EVENT, WebhookDelivery
from dev.stripe_stand_in.state.store import PLATFORM, Store
from domain.json_values import JsonObject


class EventLog:
    """Writes events to the store, and calls ``send`` with every delivery that is due."""

    def __init__(self, store: Store, send: Callable[[WebhookDelivery], None]) -> None:
        self._store = store
        self._send = send

    def snapshot(
        self,
        account: str,
        kind: str,
        obj: JsonObject,
        cause: RawRequest | None,
        previous_attributes: JsonObject | None = None,
    ) -> None:
        """``cause`` is the request; None if a user caused the event on a page."""
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
                "id": cause.id if cause else None,
                "idempotency_key": cause.idempotency_key if cause else None,
            },
            "type": kind,
            **({} if account == PLATFORM else {"account": account}),
        }
        self._record(account, event)

    def thin(
        self, kind: str, account_id: str, cause: RawRequest | None, data: JsonObject | None = None
    ) -> None:
        """Records an event of an account, which is an object of the platform."""
        reason = {"id": cause.id, "idempotency_key": cause.idempotency_key or ""} if cause else None
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

    def deliver(self, account: str, event: JsonObject, *, livemode: bool = False) -> int:
        """Sends an event to every endpoint that receives it. Returns how many."""
        endpoints = [
            endpoint for endpoint in self._store.endpoints.values() if endpoint.receives(event)
        ]
        for endpoint in endpoints:
            delivery = WebhookDelivery(
                id=new_id("dlv"),
                endpoint_id=endpoint.id,
                account=account,
                event_id=event["id"],
                livemode=livemode,
            )
            self._store.keep("deliveries", delivery.id, delivery)
            self._send(delivery)
        return len(endpoints)

    def _record(self, account: str, event: JsonObject) -> None:
        self._store.put(account, event)
        # The platform gets no events of accounts that have disconnected.
        sent_to = self.deliver(account, event) if self._store.has_account(account) else 0
        if event["object"] == SNAPSHOT_EVENT:
            event["pending_webhooks"] = sent_to
