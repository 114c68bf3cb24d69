"""What every test process needs before it imports the code."""

import gc
import os

import pytest

pytest_plugins = [
    "tests.support.distribution",
    "tests.support.postgres",
    "tests.support.temporal",
    "tests.support.fixtures",
]

# Temporal's server, a program in Go, collects its garbage a third as often, which saves a seventh
# of its CPU time.
os.environ.setdefault("GOGC", "300")

# Imports and collected tests are never garbage, and looking through them takes a fifth of the time
# of collecting them.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.freeze()
    gc.set_threshold(5_000, 5, 5)  # as a worker process does
    gc.enable()
