"""The pictures of each tenant, written by the API under row-level security.

The files are in the store, named by their hash. A picture is added here before its files are
stored, under a lock of its hash. A process that deletes files holds the same lock from before the
last row of the hash is deleted until the files are: so an upload at the same time keeps its files.
"""

from dataclasses import dataclass

from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_as
from domain.actors import Actor


@dataclass(frozen=True)
class KeptPicture:
    """Sizes in pixels, of the widest file."""

    hash: str
    stored_bytes: int
    width: int
    height: int


class QuotaExceeded(Exception):
    """The tenant's other pictures have ``used`` bytes."""

    def __init__(self, used: int) -> None:
        super().__init__(f"{used} bytes are used")
        self.used = used


class MediaRegister:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, actor: Actor, picture: KeptPicture, *, quota: int) -> None:
        """Adds a picture to those of the actor's tenant. One that the tenant has already counts as
        uploaded now.

        Args:
            quota: bytes.

        Raises:
            QuotaExceeded: nothing is changed.
        """
        tenant = str(actor.tenant)

        async def write(connection: Connection) -> None:
            await connection.execute(sql("media_lock_tenant"), tenant)
            await connection.execute(sql("media_lock_hash"), picture.hash)
            used = await connection.fetchval(sql("media_used"), tenant, picture.hash)
            if used + picture.stored_bytes > quota:
                raise QuotaExceeded(used)
            await connection.execute(
                sql("media_keep"),
                tenant,
                picture.hash,
                picture.stored_bytes,
                picture.width,
                picture.height,
            )

        await write_as(self._pool, actor, write)
