"""A tier while a sentence is read."""

from dataclasses import dataclass

from copilot.understanding.prices import Price


@dataclass(frozen=True)
class FoundTier:
    """A tier as the sentence has it; its amount is known once its currency is."""

    name: str | None
    kind: str
    price: Price | None
    start: int
    end: int
    quantity: int | None = None
    sale_end: str | None = None
    max_per_order: int | None = None
