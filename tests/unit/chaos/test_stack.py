"""What the stack of a chaos run leaves on the machine."""

import tempfile
from pathlib import Path

import pytest

from tests.chaos import stack


def left_in(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_a_stack_that_does_not_start_leaves_no_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(stack, "MODULE", "dev.no_such_program")

    with pytest.raises(RuntimeError, match="did not start"):
        async with stack.chaos_stack():
            pass

    assert left_in(tmp_path) == []
