"""Ids of ticket tiers: issued by the server, stable, never reused.

A client may send its list of tiers without ids, with new names, or in a different order. A tier
without an id gets the id of the earlier tier with the same name, else of the earlier tier at the
same index, else a new one.
"""

from collections.abc import Mapping
from typing import Any

from domain.values.text import as_seen


def with_tier_ids(previous: Any, tiers: list[Any], issued: int) -> tuple[list[Any], int]:
    """Adds an id to every object in ``tiers`` that has none.

    Ids that the client sent are kept, even wrong ones: the assessment reports them.

    Args:
        previous: the earlier draft of the list, of any type.
        tiers: the new list, with entries of any type.
        issued: how many ids were issued before.

    Returns:
        The list with ids, and how many ids are issued now.
    """
    earlier = _entries_with_ids(previous)
    ids: dict[int, str] = {}
    waiting = [index for index, tier in enumerate(tiers) if isinstance(tier, dict)]
    taken = {tier["id"] for tier in _objects(tiers) if isinstance(tier.get("id"), str)}

    def settle(index: int, tier_id: str) -> None:
        ids[index] = tier_id
        taken.add(tier_id)

    waiting = [index for index in waiting if tiers[index].get("id") in (None, "")]
    for index in waiting:
        name = _name_of(tiers[index])
        matches = [old for old in earlier.values() if name and _name_of(old) == name]
        free = [old["id"] for old in matches if old["id"] not in taken]
        if free:
            settle(index, free[0])
    for index in waiting:
        old = earlier.get(index)
        if index not in ids and old is not None and old["id"] not in taken:
            settle(index, old["id"])
    for index in waiting:
        if index not in ids:
            issued = _next_free(issued, taken)
            settle(index, f"tier-{issued}")
    return [_with_id(tier, ids.get(index)) for index, tier in enumerate(tiers)], issued


def number_of(tier_id: str) -> int:
    """The number of an id; ids are numbered in the order in which they are issued."""
    return int(tier_id.rpartition("-")[2])


def _next_free(issued: int, taken: set[str]) -> int:
    issued += 1
    while f"tier-{issued}" in taken:
        issued += 1
    return issued


def _with_id(tier: Any, tier_id: str | None) -> Any:
    return tier if tier_id is None else {**tier, "id": tier_id}


def _objects(tiers: Any) -> list[dict[str, Any]]:
    return [tier for tier in tiers if isinstance(tier, dict)] if isinstance(tiers, list) else []


def _entries_with_ids(tiers: Any) -> dict[int, dict[str, Any]]:
    if not isinstance(tiers, list):
        return {}
    return {
        index: tier
        for index, tier in enumerate(tiers)
        if isinstance(tier, dict) and isinstance(tier.get("id"), str) and tier["id"]
    }


def _name_of(tier: Mapping[str, Any]) -> str | None:
    name = tier.get("name")
    return as_seen(name) if isinstance(name, str) and name else None
