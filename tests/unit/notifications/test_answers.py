"""The outcome of a delivery for each answer of a receiver."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.answers import LONGEST_WAIT, ReceiverAnswer, answer_of

NOW = datetime(2031, 5, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_success_is_a_delivery(status: int) -> None:
    assert answer_of(status, "120", NOW) == ReceiverAnswer()


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 409, 422, 500, 502, 504])
def test_any_other_status_is_retried(status: int) -> None:
    assert answer_of(status, "120", NOW) == ReceiverAnswer(error=f"http_{status}")


def test_an_answer_of_410_gives_the_message_up() -> None:
    assert answer_of(410, None, NOW) == ReceiverAnswer(error="http_410", is_final=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("delay", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("9" * 400, LONGEST_WAIT),
        ("Fri, 09 May 2031 12:02:00 GMT", timedelta(minutes=2)),
        ("Fri, 09 May 2031 11:00:00 GMT", timedelta()),
        ("Sat, 09 May 2043 12:00:00 GMT", LONGEST_WAIT),
        ("Fri, 09 May 2031 12:02:00 -0000", timedelta(minutes=2)),
        ("Fri, 09 May 99999 12:02:00 GMT", None),
        ("Fri, 09 May 2031 12:02:00 +9999999999999999999", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_requested_pause_is_kept(status: int, delay: str | None, wait: timedelta | None) -> None:
    assert answer_of(status, delay, NOW) == ReceiverAnswer(error=f"http_{status}", wait=wait)
