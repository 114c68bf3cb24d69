"""How much is measured: enough for a median, or just enough to see that it runs."""

from dataclasses import dataclass
from typing import Final

from benchmarks.measuring import Turns


@dataclass(frozen=True)
class Sizes:
    turns: Turns


FULL: Final = Sizes(turns=Turns(rounds=7, seconds=2.0))
SMOKE: Final = Sizes(turns=Turns(rounds=1, seconds=0.2))
