"""The cost of saves in Temporal: one at a time, and eight concurrent ones in a session."""

import asyncio
from typing import Any, Final

from temporalio.client import Client

from benchmarks.api_client import EDITED_STAGE, ApiClient, ApiSession
from benchmarks.costs import temporal_cost_at_rest
from benchmarks.measuring import wait_until
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack

ONE_AT_A_TIME: Final = "one at a time"
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
"""A field for each of eight users who edit the same session."""


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    """Events and billed actions per save."""
    return asyncio.run(_measure(bench, sizes))


async def _measure(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    temporal = await bench.temporal()
    return {
        ONE_AT_A_TIME: await _one_at_a_time(bench, temporal, sizes.burst_saves),
        AT_ONCE: await _at_once(bench, temporal, sizes.burst_saves, later=False),
        AT_ONCE_LATER: await _at_once(bench, temporal, sizes.burst_saves, later=True),
    }


async def _one_at_a_time(bench: BenchStack, temporal: Client, saves: int) -> dict[str, float]:
    session = await (await ApiClient.open(bench)).create()
    before = await temporal_cost_at_rest(temporal, session.id)
    for _ in range(saves):
        await session.save()
    return _per_save(before, await temporal_cost_at_rest(temporal, session.id), saves)


async def _at_once(
    bench: BenchStack, temporal: Client, saves: int, *, later: bool
) -> dict[str, float]:
    """Each batch is complete before the next one is sent."""
    clients = [await ApiClient.open(bench) for _ in FIELDS]
    session = await clients[0].create()
    editors = [client.session(session.id) for client in clients]
    before = await temporal_cost_at_rest(temporal, session.id)
    for batch in range(saves // len(FIELDS)):
        text = f"text {batch}"
        await asyncio.gather(
            *(
                editor.save_field(field, text, later=later)
                for editor, field in zip(editors, FIELDS, strict=True)
            )
        )
        await _wait_for_fields(session, text)
    return _per_save(before, await temporal_cost_at_rest(temporal, session.id), saves)


async def _wait_for_fields(session: ApiSession, text: str) -> None:
    async def have_text() -> bool:
        view = await session.read_consistently()
        data = view["stages"][EDITED_STAGE]["data"]
        return all(data[field] == text for field in FIELDS)

    await wait_until(have_text)


def _per_save(before: dict[str, Any], after: dict[str, Any], saves: int) -> dict[str, float]:
    return {
        "saves": saves,
        **{
            f"{name}_per_save": round((after[name] - before[name]) / saves, 3)
            for name in ("events", "actions", "history_bytes", "state_transitions")
        },
    }
