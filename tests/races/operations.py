"""What clients ask of a session, as values that a test draws and prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.json_values import JsonObject
from tests.support.stage_data import days_ahead


class Kind(StrEnum):
    SAVE = "save"
    COMPLETE = "complete"
    ACCEPT_TERMS = "accept_terms"
    MOVE = "move"
    RESTORE = "restore"
    SCHEDULE = "schedule"
    CANCEL = "cancel"
    PUBLISH = "publish"
    ABANDON = "abandon"
    ERASE = "erase"


FIELDS: Final[Mapping[str, str]] = {
    "organizerSetup": "bio",
    "eventSetup": "description",
    "venueSetup": "accessibility",
    "sponsorsMedia": "hashtag",
}
"""An optional text of each stage: it never makes a stage invalid."""

ROUTES: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.SAVE: ("PATCH", "/stages/{stage}"),
    Kind.COMPLETE: ("POST", "/stages/{stage}/complete"),
    Kind.ACCEPT_TERMS: ("PATCH", "/stages/{stage}"),
    Kind.MOVE: ("POST", "/transition"),
    Kind.RESTORE: ("POST", "/restore"),
    Kind.SCHEDULE: ("POST", "/publish"),
    Kind.CANCEL: ("DELETE", "/publication"),
    Kind.PUBLISH: ("POST", "/publish"),
    Kind.ABANDON: ("POST", "/abandon"),
    Kind.ERASE: ("DELETE", ""),
}

PUBLISH_AT: Final = f"{days_ahead(2)}T12:00:00Z"


@dataclass(frozen=True)
class Operation:
    """One request, once the session is known.

    ``key`` is the Idempotency-Key, ``if_match`` the revision that the client has seen.
    """

    kind: Kind
    key: str
    stage: str = ""
    to_stage: str = ""
    text: str = ""
    revision: int = 0
    if_match: int | None = None

    @property
    def patch(self) -> JsonObject | None:
        """The data that it saves; None if it saves none."""
        if self.kind is Kind.ACCEPT_TERMS:
            return {"acceptTerms": True}
        return {FIELDS[self.stage]: self.text} if self.text else None

    @property
    def request(self) -> tuple[object, ...]:
        """The same for two operations that are the same request."""
        return (
            self.kind,
            self.stage,
            self.to_stage,
            self.text,
            self.revision,
            self.if_match,
        )

    def http(self) -> tuple[str, str, JsonObject | None]:
        """Method, path below the session, and body."""
        method, path = ROUTES[self.kind]
        bodies: dict[Kind, JsonObject | None] = {
            Kind.SAVE: self.patch,
            Kind.ACCEPT_TERMS: self.patch,
            Kind.COMPLETE: {"data": self.patch} if self.text else {},
            Kind.MOVE: {"from_stage": self.stage, "to_stage": self.to_stage},
            Kind.RESTORE: {"revision": self.revision},
            Kind.SCHEDULE: {"publish_at": PUBLISH_AT},
        }
        return method, path.format(stage=self.stage), bodies.get(self.kind)

    def headers(self) -> dict[str, str]:
        condition = {} if self.if_match is None else {"If-Match": f'"{self.if_match}"'}
        return {"Idempotency-Key": self.key, "Prefer": "wait=30", **condition}


@dataclass(frozen=True)
class Answer:
    """``code`` is the problem's. ``revision`` is that of the view, if the answer has one."""

    status: int
    code: str = ""
    is_repeat: bool = False
    revision: int | None = None
    stages: Mapping[str, JsonObject] | None = None
