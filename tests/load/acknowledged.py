"""The changes that clients know to be kept, and which of them a row or a view lacks."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.stages import Stage


@dataclass
class SessionRecord:
    """What the answers say of a session. A change without an answer may have taken effect."""

    session_id: str
    organization: str
    revision: int = 0
    titles: set[str | None] = field(default_factory=lambda: {None})
    completed: set[Stage] = field(default_factory=set)
    status: str | None = None
    """As acknowledged at its end."""
    answered_at: float = 0.0
    """By ``time.perf_counter``: when the newest revision was acknowledged."""

    def tries(self, title: str) -> None:
        self.titles.add(title)

    def saved(self, title: str, revision: int) -> None:
        self.titles = {title}
        self.answered(revision)

    def answered(self, revision: int) -> None:
        if revision >= self.revision:
            self.revision, self.answered_at = revision, time.perf_counter()


@dataclass
class Acknowledged:
    """What all clients were told."""

    sessions: dict[str, SessionRecord] = field(default_factory=dict)
    """In the order in which they were created."""
    orders: list[str] = field(default_factory=list)


def lost_from(record: SessionRecord, found: Mapping[str, Any] | None) -> Iterator[str]:
    """What is acknowledged, and not in the row or view that was found."""
    if found is None:
        yield "the session"
        return
    if found["revision"] < record.revision:
        yield f"revision {record.revision}, it is {found['revision']}"
    if found["title"] not in record.titles:
        titles = sorted(map(str, record.titles))
        yield f"one of the titles {titles}, it is {found['title']!r}"
    if missing := record.completed - set(found["completed_stages"]):
        yield f"completed stages {sorted(map(str, missing))}"
    if record.status not in (None, found["status"]):
        yield f"status {record.status}, it is {found['status']}"


def as_found(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """A view of the API, with the columns of a row."""
    title = view["stages"][Stage.EVENT_SETUP]["data"].get("title")
    shown = {name: view[name] for name in ("revision", "status", "completed_stages")}
    return {**shown, "title": title}
