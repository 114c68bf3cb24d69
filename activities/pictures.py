"""Deletes pictures that no session and no event uses, and their files."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from pydantic import BaseModel, ConfigDict
from temporalio import activity

from activities.calls import require_running_worker
from domain.errors import Unavailable
from pictures.variants import file_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.pictures import DeletedPicture, PictureUpkeep

UNUSED_FOR: Final = timedelta(days=7)
"""Time to put a removed picture back, and to save the session that an upload is for."""

PER_PAGE: Final = 100


class FileStore(Protocol):
    async def delete(self, names: "Sequence[str]") -> None:
        """Raises Unavailable."""


class PicturesSwept(BaseModel):
    """``forgotten`` counts pictures of tenants, ``deleted`` those whose files were deleted."""

    model_config = ConfigDict(frozen=True)

    forgotten: int = 0
    deleted: int = 0


class PictureActivities:
    def __init__(
        self,
        upkeep: "PictureUpkeep",
        store: FileStore | None,
        *,
        unused_for: timedelta = UNUSED_FOR,
    ) -> None:
        """Without a store, files stay, until a worker has one."""
        self._upkeep = upkeep
        self._store = store
        self._unused_for = unused_for

    @activity.defn
    async def sweep_pictures(self) -> PicturesSwept:
        """An unavailable store is left to the next sweep."""
        swept = PicturesSwept()
        while forgotten := await self._forget_page():
            swept = swept.model_copy(update={"forgotten": swept.forgotten + forgotten})
        try:
            deleted = await self._delete_files()
        except Unavailable as error:
            activity.logger.warning(
                "picture files left for the next sweep", extra={"reason": str(error)}
            )
            return swept
        return swept.model_copy(update={"deleted": deleted})

    @activity.defn
    async def delete_picture_files(self) -> int:
        """Deletes the files of all pictures that were deleted. Returns the number of pictures.

        Raises:
            Unavailable: the store cannot be reached.
        """
        return await self._delete_files()

    async def _forget_page(self) -> int:
        activity.heartbeat()
        require_running_worker()
        return await self._upkeep.forget_unused(
            unused_for_seconds=self._unused_for.total_seconds(), at_most=PER_PAGE
        )

    async def _delete_files(self) -> int:
        deleted = 0
        while page := await self._upkeep.deletions(limit=PER_PAGE):
            if self._store is None:
                activity.logger.warning("picture files not deleted: MEDIA_STORE is not set")
                break
            for picture in page:
                deleted += await self._complete(picture, self._store)
        return deleted

    async def _complete(self, picture: "DeletedPicture", store: FileStore) -> bool:
        activity.heartbeat()
        require_running_worker()
        names = file_names(picture.hash, picture.width)
        return await self._upkeep.complete(picture, partial(store.delete, names))
