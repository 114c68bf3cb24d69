"""What saves cost in Temporal when they come one after the other, and eight at once."""

import asyncio
from typing import Any, Final

from temporalio.client import Client

from benchmarks.left_behind import settled
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack
from benchmarks.waiting import until
from benchmarks.wizard import EVENT, BenchmarkSession, Wizard

ONE_BY_ONE: Final = "one after the other"
AT_ONCE: Final = "eight at once"
AT_ONCE_LATER: Final = "eight at once, respond-async"

FIELDS: Final = (
    "title",
    "summary",
    "description",
    "dressCode",
    "ageRestriction",
    "slug",
    "language",
    "visibility",
)
"""One for each of eight people who work on the same session."""


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    """Events and billed actions per save."""
    return asyncio.run(_measure(own, sizes))


async def _measure(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    client = await own.temporal()
    return {
        ONE_BY_ONE: await _one_after_the_other(own, client, sizes.burst_saves),
        AT_ONCE: await _at_once(own, client, sizes.burst_saves, later=False),
        AT_ONCE_LATER: await _at_once(own, client, sizes.burst_saves, later=True),
    }


async def _one_after_the_other(own: OwnStack, client: Client, saves: int) -> dict[str, float]:
    session = await (await Wizard.open(own)).create()
    before = await settled(client, session.id)
    for _ in range(saves):
        await session.save()
    return _per_save(before, await settled(client, session.id), saves)


async def _at_once(own: OwnStack, client: Client, saves: int, *, later: bool) -> dict[str, float]:
    """Each batch has arrived before the next one is sent."""
    wizards = [await Wizard.open(own) for _ in FIELDS]
    session = await wizards[0].create()
    people = [each.session(session.id) for each in wizards]
    before = await settled(client, session.id)
    for batch in range(saves // len(FIELDS)):
        await asyncio.gather(
            *(
                person.save_field(field, f"text {batch}", later=later)
                for person, field in zip(people, FIELDS, strict=True)
            )
        )
        await _arrived(session, f"text {batch}")
    return _per_save(before, await settled(client, session.id), saves)


async def _arrived(session: BenchmarkSession, text: str) -> None:
    async def everything_is_there() -> bool:
        view = await session.read_consistently()
        data = view["stages"][EVENT]["data"]
        return all(data[field] == text for field in FIELDS)

    await until(everything_is_there)


def _per_save(before: dict[str, Any], after: dict[str, Any], saves: int) -> dict[str, float]:
    return {
        "saves": saves,
        **{
            f"{name}_per_save": round((after[name] - before[name]) / saves, 3)
            for name in ("events", "actions", "history_bytes", "state_transitions")
        },
    }
