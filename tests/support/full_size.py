"""Whether long tests run at full size, which takes minutes, or as a sample."""

import os
from typing import Final

import pytest

IS_FULL: Final = "LIMITS" in os.environ
"""``make limits`` sets it."""

only_at_full_size: Final = pytest.mark.skipif(
    not IS_FULL, reason="a smaller size reaches no limit; make limits runs it"
)
