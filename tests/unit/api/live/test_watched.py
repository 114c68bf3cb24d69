"""Which changes reach which subscription, and that any number of them waits as one."""

import asyncio

from api.live.watched import Announced, Subscription, WatchedSessions

SHOW = "00000000-0000-4000-8000-000000000001"
FAIR = "00000000-0000-4000-8000-000000000002"

VIEW = Announced(view=True, presence=False)
PRESENCE = Announced(view=False, presence=True)
BOTH = Announced(view=True, presence=True)


async def now(subscription: Subscription) -> Announced | None:
    return await subscription.next(0)


async def test_a_change_reaches_every_subscription_of_its_session() -> None:
    watched = WatchedSessions()
    with (
        watched.subscribe(SHOW) as first,
        watched.subscribe(SHOW) as second,
        watched.subscribe(FAIR) as other,
    ):
        watched.changed(SHOW, 4)

        assert await now(first) == await now(second) == VIEW
        assert await now(other) is None


async def test_many_changes_wait_as_one() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as changes:
        for revision in range(1, 100):
            watched.changed(SHOW, revision)
            watched.presence_changed(SHOW)

        assert await now(changes) == BOTH
        assert await now(changes) is None


async def test_a_waiting_subscription_is_woken() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as changes:
        waiting = asyncio.create_task(changes.next(60))
        await asyncio.sleep(0)

        watched.presence_changed(SHOW)

        assert await waiting == PRESENCE


async def test_a_session_without_subscriptions_is_not_watched() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW):
        with watched.subscribe(SHOW), watched.subscribe(FAIR):
            assert len(watched) == 2
        assert list(watched.revisions()) == [SHOW]
    assert len(watched) == 0
    watched.changed(SHOW, 1)


async def test_all_are_announced_after_a_gap() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as first, watched.subscribe(FAIR) as second:
        watched.announce_all()

        assert await now(first) == await now(second) == BOTH


async def test_the_first_comparison_announces_the_session() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as changes:
        assert watched.compare(watched.revisions(), {SHOW: 3}) == []
        assert await now(changes) == VIEW

        assert watched.compare(watched.revisions(), {SHOW: 3}) == []
        assert await now(changes) is None


async def test_a_change_that_was_not_announced_is_found_once() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as changes:
        watched.changed(SHOW, 3)
        await now(changes)

        assert watched.compare(watched.revisions(), {SHOW: 4}) == [SHOW]
        assert await now(changes) == VIEW
        assert watched.compare(watched.revisions(), {SHOW: 4}) == []
        assert await now(changes) is None


async def test_a_session_that_was_erased_is_announced() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as changes:
        watched.changed(SHOW, 3)
        await now(changes)

        watched.compare(watched.revisions(), {})
        assert await now(changes) == VIEW
        watched.compare(watched.revisions(), {})
        assert await now(changes) is None


async def test_a_deletion_is_announced_with_the_last_revision() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as changes:
        watched.changed(SHOW, 3)
        await now(changes)

        watched.changed(SHOW, 3)

        assert await now(changes) == VIEW


async def test_a_comparison_that_is_overtaken_announces_nothing() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW) as changes:
        watched.changed(SHOW, 3)
        before = watched.revisions()
        watched.changed(SHOW, 4)
        await now(changes)

        assert watched.compare(before, {SHOW: 3}) == []

        assert await now(changes) is None
        assert watched.revisions() == {SHOW: 4}


async def test_a_late_announcement_does_not_lower_the_revision() -> None:
    watched = WatchedSessions()
    with watched.subscribe(SHOW):
        watched.changed(SHOW, 4)
        watched.changed(SHOW, 3)

        assert watched.revisions() == {SHOW: 4}
