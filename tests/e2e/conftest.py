"""A small stack of a test, and where it keeps its state."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.shell import Shell


@pytest.fixture
def state_directory() -> Iterator[Path]:
    """Not below pytest's own directory, which every pytest that starts closes to other users: as
    root, Postgres runs as one."""
    directory = Path(tempfile.mkdtemp(prefix="wizard-tests-stack-"))
    yield directory / "state"
    shutil.rmtree(directory)


@pytest.fixture
def shell_of(state_directory: Path) -> Iterator[Callable[[str], Shell]]:
    shells: list[Shell] = []

    def make(variant: str) -> Shell:
        shells.append(Shell(state_directory, variant))
        return shells[-1]

    yield make
    for shell in shells:
        shell("down")
