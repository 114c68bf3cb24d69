"""The pauses between failed checks of an account."""

from datetime import timedelta

import pytest

from workflows.session.payments import pause_after


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (10_000, 60)]
)
def test_a_pause_doubles_up_to_an_hour(failures: int, minutes: int) -> None:
    assert pause_after(failures) == timedelta(minutes=minutes)
