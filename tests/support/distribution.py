"""Which process of ``pytest -n`` runs which tests, and in which order.

A file is run by one process, because its tests share an API process or a database. The slowest
files start first and those without servers last, so that the processes end at the same time.
"""

from pathlib import PurePosixPath
from typing import Any, Final

import pytest
from xdist.scheduler import LoadFileScheduling

SLOWEST: Final = (
    "tests/e2e/test_stack.py",
    "tests/integration/orders/test_order_faults.py",
    "tests/chaos/test_worker_killed.py",
    "tests/e2e/test_restarts.py",
    "tests/sales/test_sample.py",
    "tests/integration/notifications/test_kinds.py",
    "tests/integration/observability",
    "tests/integration/orders/test_ordering.py",
    "tests/integration/workflows/test_continue_as_new.py",
    "tests/e2e/test_readme.py",
    "tests/integration/payments/test_connecting.py",
    "tests/integration/sweep",
    "tests/chaos",
    "tests/e2e",
    "tests/explore",
    "tests/races",
    "tests/sales",
    "tests/integration/encryption",
    "tests/integration/upgrade",
    "tests/integration/workflows",
    "tests/integration",
    "tests/contract",
    "tests/replay",
    "tests/architecture",
)
"""Files, or folders for the rest of their files, in the order in which they start. Other files come
after them."""

TOGETHER: Final = ("tests/integration/observability",)
"""Folders whose files share processes, and which are run like one file."""


class FilesInOrder(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives the processes one file after the other, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if _is_in(file, folder)), file)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, which a run may switch off
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesInOrder | None:
    return FilesInOrder(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place_of(item.nodeid))


def place_of(nodeid: str) -> int:
    """The place of a test's file in the order, by the most specific path that contains it."""
    file = nodeid.partition("::")[0]
    containing = [path for path in SLOWEST if _is_in(file, path)]
    return SLOWEST.index(max(containing, key=len)) if containing else len(SLOWEST)


def _is_in(file: str, path: str) -> bool:
    return PurePosixPath(file).is_relative_to(path)
