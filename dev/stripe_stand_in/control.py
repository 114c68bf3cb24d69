"""The controls under ``/_stand_in``, for tests and developers, not for the application."""

import hashlib
import random
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, field_validator

from dev.stripe_stand_in.payment_controls import ControlInput, PaymentControls
from dev.stripe_stand_in.protocol.endpoints import World
from dev.stripe_stand_in.protocol.errors import ApiError
from dev.stripe_stand_in.protocol.faults import Fault, Faults
from dev.stripe_stand_in.protocol.request_history import LoggedRequest, RequestHistory
from dev.stripe_stand_in.resources.account_state import AccountState
from dev.stripe_stand_in.resources.accounts import disconnect, move, set_tax
from dev.stripe_stand_in.state.models import (
    SNAPSHOT_EVENT,
    THIN_EVENT,
    DeliveryMode,
    Payload,
    WebhookDelivery,
    WebhookEndpoint,
)
from dev.stripe_stand_in.state.store import PLATFORM
from dev.stripe_stand_in.state.webhook_delivery import WebhookSender
from domain.json_values import JsonObject

PREFIX: Final = "/_stand_in"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class AccountMove(ControlInput):
    state: AccountState
    requirements: list[str] | None = None
    """Descriptions that replace the default ones of the state."""


class WebhookInput(ControlInput):
    url: str
    secret: str = Field(min_length=1, repr=False)
    connect: bool = False
    payload: Payload = Payload.SNAPSHOT
    enabled_events: list[str] = Field(default=["*"], min_length=1)

    @field_validator("url")
    @classmethod
    def _on_this_machine(cls, url: str) -> str:
        if urlsplit(url).hostname not in _LOOPBACK:
            raise ValueError("webhooks are delivered to this machine only")
        return url

    def endpoint(self) -> WebhookEndpoint:
        """The endpoint. Its id depends only on its configuration."""
        named = f"{self.url} {self.connect} {self.payload}"
        name = f"we_{hashlib.sha256(named.encode()).hexdigest()[:24]}"
        return WebhookEndpoint(id=name, **dict(self))


class WebhookView(BaseModel):
    """An endpoint without its secret."""

    id: str
    url: str
    connect: bool
    payload: Payload
    enabled_events: list[str]


class Redelivery(ControlInput):
    ids: list[str] | None = None
    """None for all events."""
    times: int = Field(default=1, ge=1, le=100)
    shuffled: bool = False
    livemode: bool = False


class TaxInput(ControlInput):
    active: bool


class KeyExpiry(ControlInput):
    key: str | None = None
    """None for all keys."""


class ControlRefusal(BaseModel):
    detail: str | list[JsonObject]
    """The reason, or the invalid fields."""


async def refused(_: Request, error: Exception) -> JSONResponse:
    """Converts the API's error, which a control raises, to a response."""
    status = error.status if isinstance(error, ApiError) else HTTPStatus.INTERNAL_SERVER_ERROR
    return JSONResponse({"detail": str(error)}, status)


class Control:
    def __init__(
        self, world: World, sender: WebhookSender, faults: Faults, history: RequestHistory
    ) -> None:
        self._world = world
        self._store = world.store
        self._sender = sender
        self._faults = faults
        self._history = history

    def router(self) -> APIRouter:
        router = APIRouter(prefix=PREFIX)
        for method, path, action in (
            ("GET", "/health", self.health),
            ("POST", "/reset", self.reset),
            ("GET", "/requests", self.requests),
            ("DELETE", "/requests", self.forget_requests),
            ("GET", "/objects", self.objects),
            ("POST", "/accounts/{account_id}", self.move_account),
            ("POST", "/accounts/{account_id}/disconnect", self.disconnect_account),
            ("POST", "/accounts/{account_id}/tax", self.set_tax),
            ("POST", "/account_links/expire", self.expire_account_links),
            ("POST", "/idempotency/expire", self.expire_keys),
            ("GET", "/faults", self.faults),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("GET", "/webhooks", self.webhooks),
            ("POST", "/webhooks", self.add_webhook),
            ("DELETE", "/webhooks/{endpoint_id}", self.remove_webhook),
            ("GET", "/deliveries", self.deliveries),
            ("POST", "/deliveries/mode", self.set_delivery_mode),
            ("POST", "/events/redeliver", self.redeliver),
        ):
            router.add_api_route(path, action, methods=[method])
        router.include_router(PaymentControls(self._world).router())
        return router

    async def health(self) -> dict[str, str]:
        return {"status": "ok"}

    async def reset(self) -> None:
        """Deletes everything except the webhook endpoints."""
        self._sender.drop_all()
        self._store.clear()
        self._faults.clear()
        self._history.clear()

    async def requests(
        self, method: str | None = None, path: str | None = None, account: str | None = None
    ) -> list[LoggedRequest]:
        """The received requests, oldest first. ``path`` is a prefix."""
        return self._history.matching(method=method, path=path, account=account)

    async def forget_requests(self) -> None:
        self._history.clear()

    async def objects(self, kind: str, account: str = PLATFORM) -> list[JsonObject]:
        """The stored objects, newest first. ``kind`` is the value of ``object``."""
        return self._store.newest_first(account, kind)

    async def move_account(self, account_id: str, to: AccountMove) -> JsonObject:
        return move(self._world, account_id, to.state, to.requirements)

    async def disconnect_account(self, account_id: str) -> None:
        """Revokes the platform's access, as the account's owner does in the dashboard."""
        disconnect(self._world, account_id)

    async def set_tax(self, account_id: str, tax: TaxInput) -> None:
        """Activates or deactivates Stripe Tax, as the account's owner does in the dashboard."""
        set_tax(self._world, account_id, is_active=tax.active)

    async def expire_account_links(self) -> None:
        for link in self._store.account_links.values():
            link.expires_at = datetime.now(UTC)
        self._store.changed()

    async def expire_keys(self, expiry: KeyExpiry) -> dict[str, int]:
        """Expires idempotency keys, which Stripe does by age."""
        responses = self._store.responses
        expired = [key for key in responses if expiry.key in {None, key.partition(":")[2]}]
        for key in expired:
            del responses[key]
        self._store.changed()
        return {"expired": len(expired)}

    async def faults(self) -> list[Fault]:
        return self._faults.pending()

    async def add_fault(self, fault: Fault) -> None:
        self._faults.add(fault)

    async def clear_faults(self) -> None:
        self._faults.clear()

    async def webhooks(self) -> list[WebhookView]:
        return [
            WebhookView.model_validate(endpoint, from_attributes=True)
            for endpoint in self._store.endpoints.values()
        ]

    async def add_webhook(self, webhook: WebhookInput) -> dict[str, str]:
        endpoint = webhook.endpoint()
        self._store.endpoints[endpoint.id] = endpoint
        self._store.changed()
        return {"id": endpoint.id}

    async def remove_webhook(self, endpoint_id: str) -> None:
        self._store.endpoints.pop(endpoint_id, None)
        self._store.changed()

    async def deliveries(self) -> list[WebhookDelivery]:
        return list(self._store.deliveries.values())

    async def set_delivery_mode(self, mode: DeliveryMode) -> None:
        """Holds back, delays or doubles deliveries. The held ones are sent by the new mode."""
        self._sender.set_mode(mode)

    async def redeliver(self, redelivery: Redelivery) -> dict[str, int]:
        """Delivers events again; with ``shuffled``, in random order.

        With ``livemode``, they are events of live mode with other ids.
        """
        events = [
            (account, event)
            for account, kinds in self._store.objects.items()
            for kind in (SNAPSHOT_EVENT, THIN_EVENT)
            for event in kinds.get(kind, {}).values()
            if redelivery.ids is None or event["id"] in redelivery.ids
        ] * redelivery.times
        if redelivery.shuffled:
            random.shuffle(events)
        sent = sum(
            self._world.events.deliver(account, event, livemode=redelivery.livemode)
            for account, event in events
        )
        return {"deliveries": sent}


def webhooks_from(configured: Any) -> list[WebhookEndpoint]:
    """Converts a list of ``WebhookInput`` to endpoints."""
    return [WebhookInput.model_validate(webhook).endpoint() for webhook in configured]
