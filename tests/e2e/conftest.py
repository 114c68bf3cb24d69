"""Where a test's stack keeps its state."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def state_directory() -> Iterator[Path]:
    """Not below pytest's own directory, which every pytest that starts closes to other users: as
    root, Postgres runs as one."""
    directory = Path(tempfile.mkdtemp(prefix="wizard-tests-stack-"))
    yield directory / "state"
    shutil.rmtree(directory)
