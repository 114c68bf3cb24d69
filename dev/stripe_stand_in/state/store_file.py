"""The files in which the state is saved: the whole store, and a journal of what came later.

A save appends to the journal, so that its cost does not depend on the size of the store.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, Final

from pydantic_core import to_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dev.stripe_stand_in.state.store import Entry, Store
from domain.json_values import JsonObject

_SAVE_INTERVAL_SECONDS: Final = 0.25
_ONLY_THE_OWNER: Final = 0o600
"""The mode of the files, which have signing secrets."""


class StoreFile:
    """Read at the start, and written before each response and at the end."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._file = directory / "state.json"

    def load(self) -> Store:
        saved: JsonObject = json.loads(self._file.read_bytes()) if self._file.exists() else {}
        journal = self._journal(saved.get("generation", 0))
        # A crash can leave an incomplete last line, whose response was not sent.
        lines = journal.read_bytes().split(b"\n")[:-1] if journal.exists() else []
        for line in lines:
            _apply(saved, Entry(*json.loads(line)))
        store = Store.model_validate(saved)
        store.changed()
        return store

    def save(self, store: Store) -> None:
        entries, has_other_changes = store.take_changes()
        if has_other_changes:
            self._save_all(store)
        elif entries:
            journal = self._journal(store.generation)
            journal.touch(_ONLY_THE_OWNER)
            with journal.open("ab") as file:
                file.writelines(to_json(entry) + b"\n" for entry in entries)

    async def keep_saving(self, store: Store) -> None:
        """Saves what happens between requests, until it is cancelled."""
        while True:
            await asyncio.sleep(_SAVE_INTERVAL_SECONDS)
            self.save(store)

    def _save_all(self, store: Store) -> None:
        """Writes the store atomically, with the number of a journal that is still empty."""
        former = self._journal(store.generation)
        store.generation += 1
        draft = self._file.with_suffix(".tmp")
        draft.touch(_ONLY_THE_OWNER)
        draft.write_text(store.model_dump_json())
        draft.replace(self._file)
        former.unlink(missing_ok=True)

    def _journal(self, generation: int) -> Path:
        return self._file.with_name(f"changes-{generation}.jsonl")


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


def _apply(saved: JsonObject, entry: Entry) -> None:
    records: Any = saved.setdefault(entry.records, {})
    if entry.records == "objects":
        kinds = records.setdefault(entry.key, {})
        kinds.setdefault(entry.value["object"], {})[entry.value["id"]] = entry.value
    else:
        records[entry.key] = entry.value
