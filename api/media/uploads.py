"""Takes uploads of pictures, and finds their files."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from api.sessions.turns import Acquired
from db.media import KeptPicture, MediaRegister, QuotaExceeded
from domain.actors import Actor
from domain.errors import MediaDisabled, MediaQuotaExceeded
from pictures.images import ImageConverter
from pictures.store import PictureStore
from pictures.variants import ConvertedPicture, file_name, is_file_name

UPLOADS_AT_ONCE: Final = 8
"""For each API process, which has all of each upload in memory."""

UPLOADS_OF_A_TENANT: Final = 4
"""At once, so that one with a slow connection leaves room for others."""

TURN_SECONDS: Final = 60.0
"""The longest wait for a turn. Meanwhile, the upload is not read."""


class Pictures:
    """Without a store, every upload is refused, and there are no files."""

    def __init__(self, register: MediaRegister, store: PictureStore | None, *, quota: int) -> None:
        """
        Args:
            quota: bytes of each tenant.
        """
        self._register = register
        self._store = store
        self._quota = quota
        self._converter = ImageConverter()
        self._turns = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._turns_of_tenants = WeakValueDictionary[str, asyncio.Semaphore]()

    @asynccontextmanager
    async def turn(self, actor: Actor) -> AsyncIterator[None]:
        """Waits until an upload of the actor may be read. The turn lasts until it is stored.

        Raises:
            Unavailable: too many others are waiting.
        """
        own = self._turns_of_tenants.setdefault(
            str(actor.tenant), asyncio.Semaphore(UPLOADS_OF_A_TENANT)
        )
        busy = "Too many pictures are being uploaded. Try again."
        async with Acquired(own, TURN_SECONDS, busy), Acquired(self._turns, TURN_SECONDS, busy):
            yield

    async def keep(self, actor: Actor, upload: bytes) -> ConvertedPicture:
        """Converts an upload and stores its files. A repeat changes nothing.

        Raises:
            InvalidImage: the upload cannot be converted.
            MediaQuotaExceeded: the tenant has no room for it.
            MediaDisabled: the deployment has no store.
            Unavailable: the store cannot be reached, or there are too many uploads.
            DatabaseUnavailable: Postgres is unavailable.
        """
        if self._store is None:
            raise MediaDisabled("This deployment does not store pictures: MEDIA_STORE is not set.")
        picture = await self._converter.convert(upload)
        await self._count(actor, picture)
        await asyncio.gather(
            *(
                self._store.put(file_name(picture.hash, variant.size.width), variant.content)
                for variant in picture.variants
            )
        )
        return picture

    async def _count(self, actor: Actor, picture: ConvertedPicture) -> None:
        needed = picture.stored_bytes
        kept = KeptPicture(picture.hash, needed, picture.size.width, picture.size.height)
        try:
            await self._register.keep(actor, kept, quota=self._quota)
        except QuotaExceeded as error:
            quota = {"limit": self._quota, "used": error.used, "needed": needed}
            raise MediaQuotaExceeded(
                f"Your pictures may have {self._quota:,} bytes. They have {error.used:,}, and this "
                f"one needs {needed:,}. Pictures that no session or event uses are deleted "
                "after seven days.",
                extra={"quota": quota},
            ) from error

    async def file(self, name: str) -> bytes | None:
        """The content of a file; None if there is none.

        Raises:
            Unavailable: the store cannot be reached.
        """
        if self._store is None or not is_file_name(name):
            return None
        return await self._store.get(name)
