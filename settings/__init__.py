"""Settings, read once from the environment. Invalid ones end the process, with one line for each.

Each process has its own type: ``WorkerSettings``, ``ApiSettings``, ``CodecSettings`` and
``MigrationSettings``. ``make settings`` writes ``docs/settings.md`` and ``.env.example`` from the
descriptions here. Temporal's client has the SDK's own settings: see ``temporal/client.py``.
"""

from settings.api import ApiSettings
from settings.codec_server import CodecSettings
from settings.common import load
from settings.migration import MigrationSettings
from settings.tokens import AcceptedAudience, TokenSettings
from settings.worker import WorkerSettings

__all__ = [
    "AcceptedAudience",
    "ApiSettings",
    "CodecSettings",
    "MigrationSettings",
    "TokenSettings",
    "WorkerSettings",
    "load",
]
