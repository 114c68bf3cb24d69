"""Everything that survives a restart."""

from pydantic import BaseModel, Field, PrivateAttr

from dev.stripe_stand_in import errors
from dev.stripe_stand_in.calls import PLATFORM
from dev.stripe_stand_in.records import Delivery, OnboardingLink, StoredAnswer, WebhookEndpoint
from domain.json_values import JsonObject

ACCOUNT = "v2.core.account"
SNAPSHOT_EVENT = "event"
THIN_EVENT = "v2.core.event"


class Store(BaseModel):
    objects: dict[str, dict[str, dict[str, JsonObject]]] = Field(default_factory=dict)
    """By account, then by kind as in ``object``, then by id: oldest first."""
    payment_pages: dict[str, tuple[str, str]] = Field(default_factory=dict)
    """Account and id of a payment link, by the last part of its address."""
    onboarding_links: dict[str, OnboardingLink] = Field(default_factory=dict)
    answers: dict[str, StoredAnswer] = Field(default_factory=dict)
    endpoints: dict[str, WebhookEndpoint] = Field(default_factory=dict)
    deliveries: dict[str, Delivery] = Field(default_factory=dict)

    _revision: int = PrivateAttr(default=0)

    @property
    def revision(self) -> int:
        """Counts the changes."""
        return self._revision

    def changed(self) -> None:
        """To be called after every change of a record."""
        self._revision += 1

    def put(self, account: str, obj: JsonObject) -> None:
        """A new object, or the new state of one."""
        self.objects.setdefault(account, {}).setdefault(obj["object"], {})[obj["id"]] = obj
        self.changed()

    def find(self, account: str, kind: str, name: str) -> JsonObject | None:
        return self.objects.get(account, {}).get(kind, {}).get(name)

    def get(self, account: str, kind: str, name: str) -> JsonObject:
        """An object of one account.

        Raises:
            Refusal: it has none of this id; nobody sees another's.
        """
        obj = self.find(account, kind, name)
        if obj is None:
            raise errors.not_found(kind, name)
        return obj

    def newest_first(self, account: str, kind: str) -> list[JsonObject]:
        return list(reversed(self.objects.get(account, {}).get(kind, {}).values()))

    def has_account(self, account: str) -> bool:
        return account == PLATFORM or self.find(PLATFORM, ACCOUNT, account) is not None

    def clear(self) -> None:
        """Forgets everything but the webhook endpoints: they are configuration."""
        for records in (
            self.objects,
            self.payment_pages,
            self.onboarding_links,
            self.answers,
            self.deliveries,
        ):
            records.clear()
        self.changed()
