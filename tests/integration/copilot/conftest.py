"""One system for all tests of a file."""

from tests.support.shared_system import api, system, user

__all__ = ["api", "system", "user"]
