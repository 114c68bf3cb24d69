"""Understanding of plain sentences without a model: from words to values of the stages' fields."""

from copilot.understanding.sentence import understand, warm_up

__all__ = ["understand", "warm_up"]
