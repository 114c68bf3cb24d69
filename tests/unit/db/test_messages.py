"""What arrives on the channel: our messages, and whatever another role sends."""

import pytest

from db.listen import Message, PresenceChanged, ProbeArrived, SessionChanged, parse_message

SESSION = "0b5c1fd0-3b1a-4b57-9c1e-6f4a6f0d1a2b"


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (f"{SESSION} 0", SessionChanged(SESSION, 0)),
        (f"{SESSION} 9223372036854775807", SessionChanged(SESSION, 9223372036854775807)),
        (f"{SESSION} presence", PresenceChanged(SESSION)),
        ("probe 4f", ProbeArrived("4f")),
    ],
)
def test_a_message_is_parsed(payload: str, message: Message) -> None:
    assert parse_message(payload) == message


@pytest.mark.parametrize(
    "payload",
    [
        "",
        " ",
        "x 4",
        "\N{CIRCUS TENT} 4",
        SESSION,
        f"{SESSION} ",
        f"{SESSION}  4",
        f"{SESSION} -1",
        f"{SESSION} 1.5",
        f"{SESSION} 1 2",
        f"{SESSION} \N{ARABIC-INDIC DIGIT THREE}",
        f"{SESSION} {'9' * 7000}",
    ],
)
def test_any_other_payload_is_ignored(payload: str) -> None:
    assert parse_message(payload) is None
