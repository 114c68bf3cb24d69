"""The embedded stack: its commands, processes and state directory."""

import os
import signal
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import jwt
import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from dev.stack.file_lock import FileLock
from dev.stack.ports import is_free
from tests.e2e.shell import (
    DEADLINE_SECONDS,
    PORTS_OF_A_STACK,
    Shell,
    is_running,
    kill_component,
    wait_until,
)
from tests.e2e.small_stack import LAST_LINE


def connect(stack: dict[str, Any]) -> Any:
    return asyncpg.connect(stack["database_admin_url"])


def test_up_starts_every_component_on_its_port(backing: Shell) -> None:
    backing("down")

    up = backing("up")

    assert up.returncode == 0, up.stdout
    assert {"postgres", "temporal", "stripe", "identity"} <= set(up.stdout.split())
    stack = backing.description()
    assert urlsplit(stack["api_url"]).port == backing.base
    assert stack["temporal_address"] == f"127.0.0.1:{backing.base + 1}"
    assert urlsplit(stack["temporal_ui_url"]).port == backing.base + 2
    assert urlsplit(stack["stripe_url"]).port == backing.base + 3
    assert urlsplit(stack["identity_url"]).port == backing.base + 4
    assert urlsplit(stack["database_url"]).port == backing.base + 5
    assert urlsplit(stack["database_url"]).username == "wizard_worker"
    assert urlsplit(stack["database_api_url"]).username == "wizard_api"
    assert all(is_running(pid) for pid in stack["pids"].values())
    status = backing("status")
    assert status.returncode == 0
    assert stack["temporal_ui_url"] in status.stdout
    again = backing("up")
    assert (again.returncode, "already running" in again.stdout) == (0, True)
    assert backing.description() == stack
    assert_tokens_verify(backing, stack)


def assert_tokens_verify(shell: Shell, stack: dict[str, Any]) -> None:
    keys = jwt.PyJWKSet.from_dict(
        httpx.get(f"{stack['identity_url']}/.well-known/jwks.json").raise_for_status().json()
    )
    response = httpx.post(
        f"{stack['identity_url']}/token",
        json={"user": "ada", "org": "acme", "permissions": ["wizard:publish"]},
    )
    printed = shell(
        *("token", "--user", "ada", "--org", "acme", "--email", "ada@example.com"),
        *("--permission", "wizard:publish"),
    )

    for token in (response.json()["access_token"], printed.stdout.strip()):
        claims = jwt.decode(
            token,
            keys[jwt.get_unverified_header(token)["kid"]].key,
            algorithms=["RS256"],
            audience="event-wizard",
            issuer=stack["identity_url"],
        )
        assert (claims["sub"], claims["org_id"]) == ("ada", "acme")
        assert claims["permissions"] == ["wizard:publish"]


async def test_backing_services_restart_with_their_data(backing: Shell) -> None:
    backing.up()
    url = backing.description()["database_admin_url"]
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE outlives_restarts AS SELECT 7 AS n")
    await connection.close()

    for name in ("postgres", "temporal", "stripe", "identity"):
        kill_component(backing, name)

        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT n FROM outlives_restarts") == 7, name
        await connection.close()
        assert backing("status").returncode == 0, name


async def test_kill_9_of_the_supervisor_leaves_nothing_running(backing: Shell) -> None:
    backing.up()
    stack = backing.description()
    open_connection = await connect(stack)

    os.kill(stack["pids"]["supervisor"], signal.SIGKILL)

    wait_until(backing.has_ended, "the end of every process")
    open_connection.terminate()
    wait_until(lambda: not any(map(is_running, stack["pids"].values())), "their end")
    assert all(is_free(backing.base + offset) for offset in range(PORTS_OF_A_STACK))
    assert backing("status").returncode == 3
    assert not backing.description_file.exists()


async def test_data_survives_down_and_is_dropped_by_reset(backing: Shell) -> None:
    backing.up()
    stack = backing.description()
    connection = await connect(stack)
    await connection.execute("CREATE TABLE outlives_down AS SELECT 7 AS n")
    await connection.close()
    temporal = await Client.connect(stack["temporal_address"])
    await temporal.start_workflow("Any", id="kept", task_queue="unserved")

    down = backing("down")
    assert (down.returncode, backing.has_ended()) == (0, True)
    assert not backing.description_file.exists()
    assert backing("status").returncode == 3
    assert backing("down").returncode == 0
    backing.up()

    stack = backing.description()
    connection = await connect(stack)
    assert await connection.fetchval("SELECT n FROM outlives_down") == 7
    await connection.close()
    temporal = await Client.connect(stack["temporal_address"])
    described = await temporal.get_workflow_handle("kept").describe()
    assert described.status == WorkflowExecutionStatus.RUNNING

    assert backing("reset").returncode == 0
    assert backing.has_ended()
    kept = {path.name for path in backing.directory.iterdir()}
    assert kept == {"supervisor.lock", "processes.lock"}
    assert "no key" in backing("token", "--user", "ada").stdout


def test_up_waits_for_the_processes_of_a_crashed_stack(shell_of: Callable[[str], Shell]) -> None:
    shell = shell_of("idle")
    shell.up()
    pids = shell.description()["pids"]

    os.kill(pids["supervisor"], signal.SIGKILL)
    up = shell("up")

    assert up.returncode == 0, up.stdout
    wait_until(lambda: not any(map(is_running, pids.values())), "their end")
    # On a busy machine, a component may be restarted once.
    wait_until(
        lambda: all(map(is_running, shell.description()["pids"].values())), "the new processes"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_a_stack_in_the_foreground(
    shell_of: Callable[[str], Shell], number: signal.Signals
) -> None:
    shell = shell_of("idle")
    process = shell.start_in_foreground()

    process.send_signal(number)

    assert process.wait(DEADLINE_SECONDS) == 0
    assert shell.has_ended()
    assert not shell.description_file.exists()


def test_a_second_stack_in_the_same_directory_is_refused(
    shell_of: Callable[[str], Shell],
) -> None:
    shell = shell_of("idle")
    shell.up()

    second = shell("run")

    assert (second.returncode, "already running" in second.stdout) == (1, True)
    assert shell("status").returncode == 0


def test_a_component_that_fails_at_start_is_shown_with_its_log(
    shell_of: Callable[[str], Shell],
) -> None:
    shell = shell_of("crashing")

    up = shell("up")

    assert up.returncode == 1
    assert "fragile ended with exit code 7" in up.stdout
    assert LAST_LINE in up.stdout
    assert "line 19\n" not in up.stdout
    assert shell.has_ended()
    assert not shell.description_file.exists()


def test_down_ends_what_supervisor_and_watchdog_left_behind(
    shell_of: Callable[[str], Shell],
) -> None:
    shell = shell_of("idle")
    shell.up()
    pids = shell.description()["pids"]
    watchdog = FileLock(shell.directory / "processes.lock").read_pid()
    assert watchdog is not None

    # Not the watchdog: if the parent of a stopped process ends, its whole group gets SIGHUP.
    os.kill(pids["supervisor"], signal.SIGSTOP)
    os.kill(watchdog, signal.SIGKILL)
    os.kill(pids["supervisor"], signal.SIGKILL)
    assert is_running(pids["first"])

    assert shell("down").returncode == 0
    assert shell.has_ended()


def test_a_taken_configured_port_is_named(
    shell_of: Callable[[str], Shell],
) -> None:
    shell = shell_of("idle")
    with socket.create_server(("127.0.0.1", shell.base + 4)):
        refused = shell("up")

    assert refused.returncode == 1
    assert f"IDENTITY_PORT: port {shell.base + 4} is in use" in refused.stdout
