"""The stored state."""

from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, Field, PrivateAttr

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


class Entry(NamedTuple):
    """A new or changed entry of the store."""

    records: str
    key: str
    value: Any


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
    generation: int = 0
    """The number of times that the whole store was saved."""

    _unsaved: list[Entry] = PrivateAttr(default_factory=list)
    _has_other_changes: bool = PrivateAttr(default=False)

    def changed(self) -> None:
        """Records a change that ``put`` and ``keep`` do not make."""
        self._has_other_changes = True

    def put(self, account: str, obj: JsonObject) -> None:
        """Stores an object, new or changed."""
        self.objects.setdefault(account, {}).setdefault(obj["object"], {})[obj["id"]] = obj
        self._unsaved.append(Entry("objects", account, obj))

    def keep(
        self,
        records: Literal["account_links", "deliveries", "payment_pages", "responses"],
        key: str,
        value: Any,
    ) -> None:
        """Stores an entry, new or changed."""
        getattr(self, records)[key] = value
        self._unsaved.append(Entry(records, key, value))

    def take_changes(self) -> tuple[list[Entry], bool]:
        """The entries since the last call, and whether anything else has changed."""
        taken = self._unsaved, self._has_other_changes
        self._unsaved, self._has_other_changes = [], False
        return taken

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
