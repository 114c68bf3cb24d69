"""The embedded stack restarts a component that dies, until it dies too often."""

import os
import re
import signal
from collections.abc import Callable

from dev.stack.supervisor import DEATHS_ALLOWED
from tests.e2e.shell import DEADLINE_SECONDS, Shell, is_running, kill_component, wait_until
from tests.e2e.small_stack import LAST_LINE


def test_a_killed_component_is_restarted(shell_of: Callable[[str], Shell]) -> None:
    shell = shell_of("idle")
    process = shell.start_in_foreground()
    first_pid = shell.description()["pids"]["first"]

    pids = {kill_component(shell, "second"), kill_component(shell, "second")}

    assert len(pids) == 2
    assert shell.description()["pids"]["first"] == first_pid
    status = shell("status")
    assert status.returncode == 0
    assert re.search(r"second +pid \d+ +restarted 2 times; .* terminated by SIGKILL", status.stdout)
    assert re.search(rf"first +pid {first_pid}$", status.stdout, re.MULTILINE)
    process.terminate()
    output, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0
    assert "second       was terminated by SIGKILL; restart in 0.5 s" in output
    assert "second       was terminated by SIGKILL; restart in 1 s" in output
    assert shell.has_ended()


def test_a_component_that_always_dies_stops_the_stack(shell_of: Callable[[str], Shell]) -> None:
    shell = shell_of("dying")

    run = shell("run")

    assert run.returncode == 1
    assert run.stdout.count("fragile      ended with exit code 7; restart in") == DEATHS_ALLOWED - 1
    assert f"fragile ended with exit code 7: {DEATHS_ALLOWED} times within 60 s" in run.stdout
    assert LAST_LINE in run.stdout
    assert shell.has_ended()
    assert not shell.description_file.exists()


def test_a_dead_component_is_not_restarted_while_the_stack_stops(
    shell_of: Callable[[str], Shell],
) -> None:
    shell = shell_of("idle")
    shell.up()
    pids = shell.description()["pids"]

    os.kill(pids["second"], signal.SIGKILL)
    wait_until(lambda: "second" not in shell.description()["pids"], "the end of second")
    down = shell("down")

    assert down.returncode == 0
    assert shell.has_ended()
    wait_until(lambda: not any(map(is_running, pids.values())), "the end of every process")
