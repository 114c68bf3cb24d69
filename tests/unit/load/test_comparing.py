"""What a comparison reports if the system no longer responds."""

from typing import Any

import pytest

from benchmarks.stack import BenchStack
from tests.load import comparing
from tests.load.acknowledged import SessionRecord


class SilentOwner:
    """A member whose requests are not answered."""

    is_open = True

    def close(self) -> None:
        self.is_open = False


async def test_workflows_that_cannot_be_read_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = SilentOwner()

    async def owner_of(*_: Any) -> SilentOwner:
        return owner

    async def times_out(*_: Any, **__: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(comparing, "owner_of", owner_of)
    monkeypatch.setattr(comparing, "wait_until", times_out)
    bench: BenchStack = None  # type: ignore[assignment] # no request needs it

    lost = await comparing.lost_from_workflows(
        bench, [SessionRecord(name, "organization-1") for name in "ab"]
    )

    assert lost == ["sessions cannot be read from their workflows"]
    assert not owner.is_open
