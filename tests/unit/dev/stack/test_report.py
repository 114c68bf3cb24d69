"""The output of ``status``: processes that were restarted, and addresses."""

import pytest

from dev.stack.report import Report
from dev.stack.state import Restarts, Stack

STACK = Stack(
    api_url="",
    api_urls=(),
    temporal_address="",
    temporal_ui_url="",
    identity_url="",
    database_url="",
    database_api_url="",
    database_admin_url="",
)


def printed(capsys: pytest.CaptureFixture[str], **fields: object) -> list[str]:
    Report().processes(STACK.model_copy(update=fields))
    return capsys.readouterr().out.splitlines()


def test_a_process_that_never_died_has_a_pid_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, pids={"api": 7}) == ["✓ api          pid 7"]


@pytest.mark.parametrize(("count", "times"), [(1, "once"), (3, "3 times")])
def test_restarts_have_a_count_and_the_last_reason(
    capsys: pytest.CaptureFixture[str], count: int, times: str
) -> None:
    restarts = {"api": Restarts(count=count, last_reason="ended with exit code 1")}

    (line,) = printed(capsys, pids={"api": 7}, restarts=restarts)

    assert line.endswith(f"restarted {times}; the last process ended with exit code 1")


def test_a_component_that_is_down_is_shown_as_restarting(
    capsys: pytest.CaptureFixture[str],
) -> None:
    restarts = {"api": Restarts(count=1, last_reason="was terminated by SIGKILL")}

    assert printed(capsys, pids={}, restarts=restarts) == [
        "! api          restarting: was terminated by SIGKILL"
    ]


@pytest.mark.parametrize("name", ["stripe_url", "codec_url"])
def test_an_address_is_shown_only_if_the_stack_has_the_service(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "http://127.0.0.1:12111"

    Report().addresses(STACK)
    without = capsys.readouterr().out
    Report().addresses(STACK.model_copy(update={name: address}))

    assert address not in without
    assert address in capsys.readouterr().out
