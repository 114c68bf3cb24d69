"""Data that is not logged at any level."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

LOGGING = """
import logging
from observability import logs

logs.configure("DEBUG", "json")
logging.getLogger("temporalio.worker._activity").debug("result: https://onboarding.example/1")
logging.getLogger("worker").debug("something else")
"""


def test_activity_results_are_not_logged_at_debug() -> None:
    """The SDK would log the result, which may be an onboarding link."""
    ran = subprocess.run(
        [sys.executable, "-c", LOGGING], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert "something else" in ran.stderr
    assert "onboarding.example" not in ran.stderr + ran.stdout
