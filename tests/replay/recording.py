"""Where histories are recorded to. The old ones stay until all of the new ones are there."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from temporalio.client import Client, WorkflowHistory

from dev.session_histories import histories_of, wait_until_idle
from tests.support.wizard import Wizard

HISTORIES: Final = Path(__file__).parent / "histories"

OF_THIS_MACHINE: Final = {"identity", "stackTrace", "buildId", "workerInstanceKey"}
"""Says who ran the session, and where; a replay does not look at it."""

STICKY_QUEUE: Final = re.compile(r"\d+@\S+")
"""Named after a process and its host."""


class Recording:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._texts: dict[str, str] = {}
        self.kinds: set[str] = set()

    @asynccontextmanager
    async def of(self, name: str, wizard: Wizard) -> AsyncIterator[None]:
        """What the session does within, and all that it did before; until it has no more to do."""
        yield
        await wait_until_idle(self._client, wizard.session_id)
        histories = await histories_of(self._client, wizard.session_id)
        for number, history in enumerate(histories, 1):
            suffix = f"-{number}" if len(histories) > 1 else ""
            self._texts[name + suffix] = text_of(history)
        self.kinds.add(name)

    def keep(self, *, all_kinds: bool) -> None:
        """With ``all_kinds`` nothing that was recorded earlier stays."""
        for path in HISTORIES.glob("*.json") if all_kinds else ():
            path.unlink()
        for name, text in self._texts.items():
            (HISTORIES / f"{name}.json").write_text(text)


def text_of(history: WorkflowHistory) -> str:
    return json.dumps(anonymous(history.to_json_dict()), separators=(",", ":")) + "\n"


def anonymous(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: anonymous(member) for name, member in value.items() if name not in OF_THIS_MACHINE
        }
    if isinstance(value, list):
        return [anonymous(item) for item in value]
    if isinstance(value, str):
        return STICKY_QUEUE.sub("sticky", value)
    return value
