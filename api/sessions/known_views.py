"""The newest view that this process has of each session.

The answer of a change leaves out the data that the API has already (``domain/session/answers.py``).
A view that is missing here costs no more than an answer with all data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.json_values import same_json
from domain.session.view import SessionView
from domain.stages import Stage
from domain.validation.drafts import size_of

MAX_BYTES: Final = 32 * 1024 * 1024
"""Of all data, as JSON; in memory it takes a few times as much."""

_FIELDS_BYTES: Final = 4096
"""Of a view without the data, roughly."""


@dataclass(frozen=True)
class _Known:
    view: SessionView
    sizes: Mapping[Stage, int]

    @property
    def size(self) -> int:
        return _FIELDS_BYTES + sum(self.sizes.values())


class KnownViews:
    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._known: dict[str, _Known] = {}
        self._bytes = 0

    def newest(self, session_id: str) -> SessionView | None:
        known = self._known.get(session_id)
        return known.view if known else None

    def note(self, view: SessionView) -> None:
        """Keeps a view that is newer than the known one; drops the sessions unused for longest, and
        one that has ended, which has no more changes."""
        known = self._known.get(view.session_id)
        if known is not None and known.view.revision >= view.revision:
            view = known.view
        self.forget(view.session_id)
        if not view.is_active:
            return
        kept = _Known(view, _sizes(view, known))
        self._known[view.session_id] = kept
        self._bytes += kept.size
        while self._bytes > self._max_bytes:
            self.forget(next(iter(self._known)))

    def forget(self, session_id: str) -> None:
        known = self._known.pop(session_id, None)
        if known is not None:
            self._bytes -= known.size


def _sizes(view: SessionView, known: _Known | None) -> Mapping[Stage, int]:
    """Data that a change left alone is not measured again."""
    return {
        stage: known.sizes[stage]
        if known is not None and same_json(known.view.stages[stage].data, shown.data)
        else size_of(shown.data)
        for stage, shown in view.stages.items()
    }
