"""The issuers whose ids of users and organizations are stored without a prefix.

Ids of further issuers begin with a prefix (``settings/tokens.py``). If another issuer became the
first in the settings, its user 42 would get what belongs to user 42 of the issuer before. Postgres
therefore remembers the first one.
"""

from collections.abc import Sequence

from db.errors import IssuersChanged
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction


async def require_issuers(pool: Pool, issuers: Sequence[str]) -> None:
    """
    Args:
        issuers: those that share ids without a prefix. Without any, there is nothing to check.

    Raises:
        IssuersChanged: the stored ids belong to other issuers.
        DatabaseUnavailable: Postgres is unavailable.
    """

    async def add(connection: Connection) -> list[str]:
        known: list[str] = await connection.fetchval(sql("issuers_add"), list(issuers))
        return known

    if not issuers:
        return
    known = await write_in_transaction(pool, add)
    if not set(issuers) <= set(known):
        raise IssuersChanged(known[0])
