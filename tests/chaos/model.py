"""What the system has acknowledged to the client of one session. Pure."""

import asyncio
import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from domain.json_values import JsonObject
from tests.chaos.plan import JourneyPlan

ERASED: Final = "erased"
"""In place of a status, because an erased session has none."""


@dataclass(frozen=True)
class ThreadModel:
    """A conversation with the assistant. ``sent`` are the messages of the last run that was
    answered, ``answers`` the messages of its answer."""

    sent: tuple[JsonObject, ...]
    answers: tuple[JsonObject, ...]


@dataclass
class SessionModel:
    """The expected state of a session: each acknowledged change, once.

    Only one client changes a session, one change after the other.
    """

    plan: JourneyPlan
    session_id: str = ""
    user: str = ""
    data: dict[str, JsonObject] = field(default_factory=dict)
    """By stage."""
    actions: Counter[str] = field(default_factory=Counter)
    """Changes by the name of their action."""
    keys: dict[str, Counter[str]] = field(default_factory=dict)
    """The same by the idempotency key of their request."""
    snapshots: dict[int, dict[str, JsonObject]] = field(default_factory=dict)
    """The data by revisions that the client was answered with."""
    status: str = "in_progress"
    sales: str | None = None
    """How they were last switched."""
    threads: dict[str, ThreadModel] = field(default_factory=dict)
    """By their ids."""
    is_connected: bool = False
    account: str | None = None
    lost_account: bool = False
    pictures: set[str] = field(default_factory=set)
    """Addresses."""
    unanswered: list[str] = field(default_factory=list)
    """Operations that were given up: whether they took effect is not known."""
    wrong_answers: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    created: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def exists(self) -> bool:
        return bool(self.session_id)

    def creates(self, session_id: str) -> None:
        self.session_id = session_id
        self.created.set()

    def saved(self, stage: str, patch: JsonObject, key: str | None) -> None:
        self.data[stage] = merged(self.data.get(stage, {}), patch)
        self.changed("save_stage", key)

    def changed(self, action: str, key: str | None) -> None:
        self.actions[action] += 1
        if key is not None:
            self.keys.setdefault(key, Counter())[action] += 1

    def seen_at(self, revision: int) -> None:
        """The client was answered with this revision, which has all that is acknowledged."""
        self.snapshots[revision] = copy.deepcopy(self.data)

    def revision_for(self, chance: float) -> int | None:
        """One of the earlier revisions that are known, if any differs from the present data."""
        others = [known for known, data in self.snapshots.items() if data != self.data]
        return others[int(chance * len(others))] if others else None

    def restored(self, revision: int, key: str) -> None:
        self.data = copy.deepcopy(self.snapshots[revision])
        self.changed("restore", key)

    def note(self, text: str) -> None:
        self.log.append(text)


def merged(target: JsonObject, patch: JsonObject) -> JsonObject:
    """RFC 7396, without removals."""
    result = dict(target)
    for name, value in patch.items():
        current = result.get(name)
        if isinstance(value, dict) and isinstance(current, dict):
            result[name] = merged(current, value)
        else:
            result[name] = copy.deepcopy(value)
    return result
