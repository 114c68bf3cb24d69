"""Whether long tests run at full size, which takes minutes, or as a sample."""

import os
from typing import Final

import pytest

IS_FULL: Final = "LIMITS" in os.environ
"""``make limits`` sets it."""

HEALED_WITHIN: Final = 3.0 if IS_FULL else 10.0
"""Seconds from a fault to the newest view on every stream. The target is 3 seconds, which ``make
limits`` measures. ``make test`` keeps all processors busy, and only requires that streams heal."""

only_at_full_size: Final = pytest.mark.skipif(
    not IS_FULL, reason="a smaller size reaches no limit; make limits runs it"
)
