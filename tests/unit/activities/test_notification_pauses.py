"""How long a message waits between attempts."""

from datetime import timedelta
from itertools import accumulate

from activities.notifications import Pauses


def test_pauses_grow_to_some_hours() -> None:
    seconds = [Pauses().after(attempt).total_seconds() for attempt in range(1, 9)]
    assert seconds == [5, 20, 80, 320, 1280, 5120, 20480, 21600]
    assert Pauses().after(10_000) == timedelta(hours=6)


def test_a_message_is_tried_about_twenty_times_in_three_days() -> None:
    pauses = [Pauses().after(attempt).total_seconds() for attempt in range(1, 50)]
    three_days = timedelta(days=3).total_seconds()
    assert 15 < len([moment for moment in accumulate(pauses) if moment < three_days]) < 25
