"""Files of deleted pictures, and a store that is away."""

import pytest
from temporalio.testing import ActivityEnvironment

from activities.pictures import PictureActivities, PicturesSwept
from db.pictures import DeletedPicture, PictureUpkeep
from domain.errors import Unavailable

DELETED = [DeletedPicture("ab" * 32, 1920), DeletedPicture("cd" * 32, 300)]


class FakeUpkeep(PictureUpkeep):
    """Nothing is unused; these are deleted."""

    def __init__(self) -> None:
        self.pending = list(DELETED)

    async def forget_unused(self, *, unused_for_seconds: float, at_most: int) -> int:
        return 0

    async def deletions(self, *, limit: int) -> list[DeletedPicture]:
        return self.pending[:limit]

    async def complete(self, picture: DeletedPicture, delete_files: object) -> bool:
        assert callable(delete_files)
        await delete_files()
        self.pending.remove(picture)
        return True


class FakeStore:
    def __init__(self, *, is_away: bool = False) -> None:
        self.is_away = is_away
        self.deleted: list[str] = []

    async def delete(self, names: object) -> None:
        if self.is_away:
            raise Unavailable("away")
        assert isinstance(names, list)
        self.deleted += names


async def test_all_widths_of_deleted_pictures_are_deleted() -> None:
    store = FakeStore()

    swept = await ActivityEnvironment().run(PictureActivities(FakeUpkeep(), store).sweep_pictures)

    assert swept == PicturesSwept(deleted=2)
    widths = [f"{'ab' * 32}-{width}.webp" for width in (480, 960, 1920)]
    assert store.deleted == [*widths, f"{'cd' * 32}-300.webp"]


async def test_a_store_that_is_away_does_not_stop_the_sweep() -> None:
    upkeep, store = FakeUpkeep(), FakeStore(is_away=True)
    activities = PictureActivities(upkeep, store)

    assert await ActivityEnvironment().run(activities.sweep_pictures) == PicturesSwept()

    assert upkeep.pending == DELETED
    store.is_away = False
    assert await ActivityEnvironment().run(activities.sweep_pictures) == PicturesSwept(deleted=2)


async def test_an_erasure_is_repeated_until_the_files_are_deleted() -> None:
    activities = PictureActivities(FakeUpkeep(), FakeStore(is_away=True))

    with pytest.raises(Unavailable):
        await ActivityEnvironment().run(activities.delete_picture_files)


async def test_files_wait_for_a_worker_with_a_store() -> None:
    upkeep = FakeUpkeep()

    deleted = await ActivityEnvironment().run(PictureActivities(upkeep, None).delete_picture_files)

    assert deleted == 0
    assert upkeep.pending == DELETED
