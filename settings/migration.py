"""Settings of ``migrate.py``."""

from pydantic import Field

from settings.addresses import PostgresUrl
from settings.temporal import TemporalSettings


class MigrationSettings(TemporalSettings):
    """Settings of ``migrate.py``: its role owns the tables."""

    database_migration_url: PostgresUrl = Field(
        description="Postgres, as a role that owns the tables and may create roles",
        examples=["postgresql://owner:secret@localhost:5432/wizard"],
    )
