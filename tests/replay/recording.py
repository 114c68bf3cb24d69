"""Recording of histories. The earlier files stay until all new histories are recorded."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from temporalio.client import Client, WorkflowHistory

from dev.session_histories import histories_of, wait_until_idle
from domain.orders.order import NEWEST_ORDER_RULES
from domain.session.run_rules import NEWEST_RULES
from tests.support.wizard import Wizard

HISTORIES: Final = Path(__file__).parent / "histories"

NEWEST: Final = f"rules-{NEWEST_RULES}"
"""The folder of histories that follow the newest rules of runs. Those of earlier rules stay: their
sessions may still be open."""

ORDERS: Final = f"orders-{NEWEST_ORDER_RULES}"
"""The folder of orders that follow the newest rules of orders."""

MACHINE_ATTRIBUTES: Final = {"identity", "stackTrace", "buildId", "workerInstanceKey"}
"""Attributes that name the machine of the recording; a replay ignores them."""

STICKY_QUEUE: Final = re.compile(r"\d+@\S+")
"""Sticky queues are named after a process and its host."""


class Recording:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._texts: dict[str, str] = {}
        self.kinds: set[str] = set()

    @asynccontextmanager
    async def of(self, name: str, wizard: Wizard) -> AsyncIterator[None]:
        """Records the session's whole history after the block, once the session is idle."""
        yield
        await wait_until_idle(self._client, wizard.session_id)
        histories = await histories_of(self._client, wizard.session_id)
        for number, history in enumerate(histories, 1):
            suffix = f"-{number}" if len(histories) > 1 else ""
            self._texts[f"{NEWEST}/{name}{suffix}"] = text_of(history)
        self.kinds.add(name)

    async def add_workflow(self, name: str, workflow_id: str, folder: str = NEWEST) -> None:
        """Records the history of a workflow that has ended and is not a session."""
        handle = self._client.get_workflow_handle(workflow_id)
        self._texts[f"{folder}/{name}"] = text_of(await handle.fetch_history())
        self.kinds.add(name)

    def keep(self, *, all_kinds: bool) -> None:
        """Writes the files; with ``all_kinds``, all earlier ones of the same rules are deleted."""
        files = {HISTORIES / f"{name}.json": text for name, text in self._texts.items()}
        for folder in {path.parent for path in files}:
            folder.mkdir(exist_ok=True)
            for path in folder.glob("*.json") if all_kinds else ():
                path.unlink()
        for path, text in files.items():
            path.write_text(text)


def text_of(history: WorkflowHistory) -> str:
    return json.dumps(anonymous(history.to_json_dict()), separators=(",", ":")) + "\n"


def anonymous(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: anonymous(member)
            for name, member in value.items()
            if name not in MACHINE_ATTRIBUTES
        }
    if isinstance(value, list):
        return [anonymous(item) for item in value]
    if isinstance(value, str):
        return STICKY_QUEUE.sub("sticky", value)
    return value
