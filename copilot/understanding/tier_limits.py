"""The most tickets of an order, as in "max 4 per person", and the quantities of saved tiers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from copilot.understanding.codes import Assumption
from copilot.understanding.found_tier import FoundTier
from copilot.understanding.reading import Reading, folded
from copilot.understanding.tier_patterns import TierPatterns
from copilot.understanding.vocabulary import count
from domain.json_values import JsonObject
from domain.schemas.ticket import DEFAULT_MAX_PER_ORDER, MAX_PER_ORDER
from domain.stages import Stage

_NEAR: Final = 1
"""In characters, between a tier and a limit of the same clause."""


@dataclass(frozen=True)
class FoundLimit:
    field: str
    """``maxPerOrder``, ``quantity`` or ``saleEnd``."""
    most: int | str
    name: str | None
    """As it was said, folded."""
    of_all: bool
    start: int
    end: int


def find_limits(reading: Reading, words: TierPatterns) -> list[FoundLimit]:
    """Takes the words of limits, before their numbers are read as something else."""
    limits = []
    for pattern in words.limits:
        for match in reading.find_all(pattern):
            groups = match.groupdict()
            most = count(match["most"])
            is_quantity = groups.get("each") and most > DEFAULT_MAX_PER_ORDER
            if is_quantity or not 1 <= most <= MAX_PER_ORDER:
                continue
            names = (groups.get(place) for place in ("before", "within", "of", "after"))
            name = next(filter(None, names), None)
            limits.append(FoundLimit("maxPerOrder", most, name, bool(groups["all"]), *match.span()))
            reading.take(*match.span())
    return sorted(limits, key=lambda limit: limit.start)


def find_counts(reading: Reading, words: TierPatterns) -> list[FoundLimit]:
    """Takes the words of the quantities that tiers with a price have left."""
    counts = []
    for pattern in words.counts:
        for match in reading.find_all(pattern):
            most = count(match["most"] or match["pieces"])
            counts.append(FoundLimit("quantity", most, match["name"], False, *match.span()))
            reading.take(*match.span())
    return counts


def with_limits(
    tiers: Sequence[FoundTier], limits: Sequence[FoundLimit]
) -> tuple[list[FoundTier], list[FoundLimit]]:
    """The tiers of the sentence with their limits, and the limits of other tiers."""
    limited = list(tiers)
    others = []
    for limit in limits:
        places = _places(limited, limit, is_alone=len(limits) == 1)
        for place in places:
            limited[place] = replace(limited[place], max_per_order=int(limit.most))
        if not places:
            others.append(limit)
    return limited, others


def _places(tiers: Sequence[FoundTier], limit: FoundLimit, *, is_alone: bool) -> list[int]:
    every = list(range(len(tiers)))
    if limit.name is not None:
        return [place for place in every if tiers[place].name and _is_named(tiers[place], limit)]
    before = [place for place in every if tiers[place].end <= limit.start]
    if limit.of_all or not before:
        return every
    is_apart = limit.start - tiers[before[-1]].end > _NEAR
    return every if is_alone and is_apart and before == every else before[-1:]


def _is_named(tier: FoundTier, limit: FoundLimit) -> bool:
    return _bare(folded(tier.name or "")) == _bare(limit.name or "")


def _bare(name: str) -> str:
    return name.rstrip("s")


def add_limits(reading: Reading, limits: Sequence[FoundLimit], saved: Sequence[JsonObject]) -> None:
    """Limits of saved tiers. Without a name, it is of the one that another names, of the only one,
    or else asked about.

    ``saved``: the tiers of the event that have a name.
    """
    names = {_bare(limit.name) for limit in limits if limit.name is not None}
    only = next(iter(names)) if len(names) == 1 else None
    of_tiers: dict[str, list[FoundLimit]] = {tier["name"]: [] for tier in saved}
    open_limits = []
    for limit in limits:
        name = only if limit.name is None and not limit.of_all else limit.name
        named = [tier["name"] for tier in saved if name is None or _is_of(tier, name)]
        if not named:
            reading.set_aside(limit.start, limit.end)
        elif name is None and not limit.of_all and len(named) > 1:
            open_limits.append(limit)
        else:
            for tier_name in named:
                of_tiers[tier_name].append(limit)
    for tier in saved:
        _add(reading, tier, of_tiers[tier["name"]], None)
    _add(reading, saved[0] if saved else {}, open_limits, Assumption.TIER_NAME)


def _is_of(tier: JsonObject, name: str) -> bool:
    return _bare(folded(tier["name"])) == _bare(name)


def _add(
    reading: Reading, tier: JsonObject, limits: Sequence[FoundLimit], assumed: Assumption | None
) -> None:
    if not limits:
        return
    kept = {name: tier[name] for name in ("name", "kind", "unit_amount") if name in tier}
    value = kept | {limit.field: limit.most for limit in limits}
    for limit in limits:
        reading.take(limit.start, limit.end)
    first = limits[0]
    reading.add(Stage.TICKET_SETUP, "/tiers/-", value, (first.start, first.end), assumed)
