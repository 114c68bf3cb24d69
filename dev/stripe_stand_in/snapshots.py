"""The state on disk: written soon after a change and at the end, read at the start."""

import asyncio
from pathlib import Path
from typing import Final

from dev.stripe_stand_in.store import Store

_INTERVAL_SECONDS: Final = 0.25


class Snapshots:
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
        """Whole or not at all; for the owner's eyes, as it holds signing secrets."""
        if store.revision == self._saved_revision:
            return
        draft = self._file.with_suffix(".tmp")
        draft.touch(mode=0o600)
        draft.write_text(store.model_dump_json())
        draft.replace(self._file)
        self._saved_revision = store.revision

    async def keep_saving(self, store: Store) -> None:
        """Until it is cancelled. What changed in the last moment before a crash is lost."""
        while True:
            await asyncio.sleep(_INTERVAL_SECONDS)
            self.save(store)
