"""A process with a database role that is not its own says so in one line, and ends."""

from dataclasses import dataclass
from typing import Final

import httpx
import pytest

from tests.support.ports import free_port
from tests.support.postgres import Database
from tests.support.processes import Process, Processes
from tests.support.waiting import eventually

MUCH_TOO_LONG: Final = 60.0
"""Seconds for a process to start, on a machine with other work to do."""


@dataclass(frozen=True)
class Refused:
    """A process of which ``setting`` has the role; ``fault`` is the line that it logs."""

    entry: str
    setting: str
    role: str
    fault: str


REFUSED: Final = {
    "API as superuser": Refused(
        "api",
        "DATABASE_API_URL",
        "postgres",
        "The API cannot use the role postgres of DATABASE_API_URL: it is a superuser. "
        "It needs the role wizard_api, with no more rights than the migrations grant.",
    ),
    "API as the worker": Refused(
        "api",
        "DATABASE_API_URL",
        "wizard_worker",
        "The API cannot use the role wizard_worker of DATABASE_API_URL: "
        "it is the role of the worker. "
        "It needs the role wizard_api, with no more rights than the migrations grant.",
    ),
    "worker as superuser": Refused(
        "worker",
        "DATABASE_URL",
        "postgres",
        "The worker cannot use the role postgres of DATABASE_URL: it is a superuser. "
        "It needs the role wizard_worker, with no more rights than the migrations grant.",
    ),
    "worker as the API": Refused(
        "worker",
        "DATABASE_URL",
        "wizard_api",
        "The worker cannot use the role wizard_api of DATABASE_URL: it is the role of the API. "
        "It needs the role wizard_worker, with no more rights than the migrations grant.",
    ),
    "rebuild as superuser": Refused(
        "rebuild",
        "DATABASE_URL",
        "postgres",
        "The rebuild cannot use the role postgres of DATABASE_URL: it is a superuser. "
        "It needs the role wizard_worker, with no more rights than the migrations grant.",
    ),
}


async def end_of(process: Process) -> None:
    await eventually(process.has_ended, within=MUCH_TOO_LONG, what="the end of the process")


def lines_about_roles(process: Process) -> list[str]:
    return [line for line in process.log().splitlines() if "role" in line]


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
async def test_a_process_with_a_wrong_role_ends_with_one_line(
    processes: Processes, database: Database, case: Refused
) -> None:
    dsn = database.server.dsn(database.name, case.role)

    process = processes.start(case.entry, **{case.setting: dsn})

    await end_of(process)
    assert process.exit_code == 1
    (logged,) = lines_about_roles(process)
    assert case.fault in logged
    assert "Traceback" not in process.log()
    assert "waiting for Postgres" not in process.log()


async def test_an_api_that_waited_ends_when_its_role_is_wrong(
    processes: Processes, database: Database
) -> None:
    """Postgres comes long after the start: by then the API answers requests."""
    port = str(free_port())
    database.server.stop()
    api = processes.start("api", DATABASE_API_URL=database.admin_dsn, API_PORT=port)

    async def answers() -> bool:
        api.require_running()
        async with httpx.AsyncClient() as http:
            try:
                shown = await http.get(f"http://127.0.0.1:{port}/readyz")
            except httpx.TransportError:
                return False
        return bool(shown.json()["postgres"] == "unreachable")

    await eventually(answers, within=MUCH_TOO_LONG, what="an API that waits for Postgres")
    database.server.start()

    await end_of(api)
    assert api.exit_code == 1
    (logged,) = lines_about_roles(api)
    assert REFUSED["API as superuser"].fault in logged
    assert "Traceback" not in api.log()
