"""What is kept out of the log at every level."""

import logging
from collections.abc import Iterator

import pytest

from observability import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


def test_what_activities_return_is_not_logged_at_debug(capsys: pytest.CaptureFixture[str]) -> None:
    """The SDK would show it, and it may be a link that lets its holder in."""
    logs.configure("DEBUG", "json")

    logging.getLogger("temporalio.worker._activity").debug("result: https://onboarding.example/1")
    logging.getLogger("worker").debug("something else")

    shown = capsys.readouterr().err
    assert "onboarding.example" not in shown
    assert "something else" in shown
