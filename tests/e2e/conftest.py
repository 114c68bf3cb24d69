"""A small stack for a test or a file, and its state directory."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.shell import Shell


@contextmanager
def new_state_directory() -> Iterator[Path]:
    """Outside pytest's own directory, which is closed to other users: if the tests run as root,
    Postgres runs as another user."""
    directory = Path(tempfile.mkdtemp(prefix="wizard-tests-stack-"))
    yield directory / "state"
    shutil.rmtree(directory)


@pytest.fixture
def state_directory() -> Iterator[Path]:
    with new_state_directory() as directory:
        yield directory


@pytest.fixture(scope="module")
def backing() -> Iterator[Shell]:
    """A stack of real services for the tests of a file, which start it if it does not run: a start
    takes seconds of CPU time."""
    with new_state_directory() as directory:
        shell = Shell(directory, "backing")
        yield shell
        shell("down")


@pytest.fixture
def shell_of(state_directory: Path) -> Iterator[Callable[[str], Shell]]:
    shells: list[Shell] = []

    def make(variant: str) -> Shell:
        shells.append(Shell(state_directory, variant))
        return shells[-1]

    yield make
    for shell in shells:
        shell("down")
