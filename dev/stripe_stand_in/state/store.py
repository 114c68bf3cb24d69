"""The stored state, and the file in which it is saved."""

import asyncio
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, PrivateAttr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dev.stripe_stand_in.state.models import (
    ACCOUNT,
    AccountLink,
    DeliveryMode,
    StoredResponse,
    WebhookDelivery,
    WebhookEndpoint,
)
from domain.json_values import JsonObject

PLATFORM: Final = ""
"""The account of the platform's own objects; connected accounts have ids."""

_SAVE_INTERVAL_SECONDS: Final = 0.25


class Store(BaseModel):
    objects: dict[str, dict[str, dict[str, JsonObject]]] = Field(default_factory=dict)
    """Objects by account, kind (as in ``object``) and id, oldest first."""
    payment_pages: dict[str, tuple[str, str]] = Field(default_factory=dict)
    """Account and id of a payment link or checkout session, by the last part of its URL."""
    account_links: dict[str, AccountLink] = Field(default_factory=dict)
    """By the last part of its URL."""
    disconnected: set[str] = Field(default_factory=set)
    """The accounts that the platform can no longer access."""
    tax_accounts: set[str] = Field(default_factory=set)
    """The accounts that have activated Stripe Tax."""
    responses: dict[str, StoredResponse] = Field(default_factory=dict)
    """By account and idempotency key, separated by a colon."""
    endpoints: dict[str, WebhookEndpoint] = Field(default_factory=dict)
    deliveries: dict[str, WebhookDelivery] = Field(default_factory=dict)
    delivery_mode: DeliveryMode = Field(default_factory=DeliveryMode)

    _revision: int = PrivateAttr(default=0)

    @property
    def revision(self) -> int:
        """The number of changes so far."""
        return self._revision

    def changed(self) -> None:
        """Records a change; call it after every change except to ``objects``."""
        self._revision += 1

    def put(self, account: str, obj: JsonObject) -> None:
        """Stores an object, new or changed."""
        self.objects.setdefault(account, {}).setdefault(obj["object"], {})[obj["id"]] = obj
        self.changed()

    def find(self, account: str, kind: str, object_id: str) -> JsonObject | None:
        return self.objects.get(account, {}).get(kind, {}).get(object_id)

    def get(self, account: str, kind: str, object_id: str) -> JsonObject:
        """An object that another one refers to.

        Raises:
            KeyError: the account has no such object.
        """
        return self.objects[account][kind][object_id]

    def account_of(self, kind: str, object_id: str) -> str | None:
        """The account that has the object."""
        accounts = self.objects.items()
        return next((name for name, kinds in accounts if object_id in kinds.get(kind, {})), None)

    def newest_first(self, account: str, kind: str) -> list[JsonObject]:
        return list(reversed(self.objects.get(account, {}).get(kind, {}).values()))

    def has_account(self, account: str) -> bool:
        """Whether the platform has access to the account."""
        if account == PLATFORM:
            return True
        exists = self.find(PLATFORM, ACCOUNT, account) is not None
        return exists and account not in self.disconnected

    def clear(self) -> None:
        """Deletes everything except the webhook endpoints, which are configuration."""
        for records in (
            self.objects,
            self.payment_pages,
            self.account_links,
            self.disconnected,
            self.tax_accounts,
            self.responses,
            self.deliveries,
        ):
            records.clear()
        self.delivery_mode = DeliveryMode()
        self.changed()


class StoreFile:
    """A file that is read at the start, and written before each response and at the end."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._file = directory / "state.json"
        self._saved_revision = 0

    def load(self) -> Store:
        try:
            return Store.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return Store()

    def save(self, store: Store) -> None:
        """Writes the file atomically. It has signing secrets, so only its owner can read it."""
        if store.revision == self._saved_revision:
            return
        draft = self._file.with_suffix(".tmp")
        draft.touch(mode=0o600)
        draft.write_text(store.model_dump_json())
        draft.replace(self._file)
        self._saved_revision = store.revision

    async def keep_saving(self, store: Store) -> None:
        """Saves what happens between requests, until it is cancelled."""
        while True:
            await asyncio.sleep(_SAVE_INTERVAL_SECONDS)
            self.save(store)


class SaveBeforeResponse:
    """Middleware: the state is on disk before a client reads a response, so a crash loses none."""

    def __init__(self, app: ASGIApp, *, file: StoreFile, store: Store) -> None:
        self._app = app
        self._file = file
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def saved(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._file.save(self._store)
            await send(message)

        await self._app(scope, receive, saved)
