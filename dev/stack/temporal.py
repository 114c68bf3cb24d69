"""Runs the Temporal server and its UI, from the wheel of the Temporal CLI."""

import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dev.stack.ports import LOOPBACK
from domain import ids

# Registered at the start, because a running server takes seconds to accept new ones.
SEARCH_ATTRIBUTES = {
    ids.SEARCH_STATUS: "Keyword",
    ids.SEARCH_STAGE: "Keyword",
    ids.SEARCH_USER_ID: "Keyword",
    ids.SEARCH_ORGANIZATION_ID: "Keyword",
    ids.SEARCH_EVENT_TYPE: "Keyword",
    ids.SEARCH_PROGRESS: "Int",
    ids.SEARCH_EXPIRES_AT: "Datetime",
    ids.SEARCH_PUBLICATION: "Keyword",
    ids.SEARCH_PAYMENTS: "Keyword",
    ids.SEARCH_ORDER_EVENT_ID: "Keyword",
    ids.SEARCH_ORDER_STATE: "Keyword",
}

SERVER_SETTINGS: Final = {
    # The default of 20 adds 50 ms to each start, signal and activity.
    "history.transferProcessorMaxPollRPS": "2000",
    # The server deletes the history of a closed workflow only after it has recorded its progress
    # past the close. By default it does so every 30 s, and erasures delay one another for minutes.
    "history.transferProcessorUpdateAckInterval": '"1s"',
    # In bytes. A message of more than 2 MiB blocks its workflow. The server refuses all of these
    # except updates: for updates it limits the sum of those in flight, not each one.
    "history.maxInFlightUpdatePayloads": "2000000",
    # Activities name their tenant as fairness key, which has no effect without this.
    "matching.enableFairness": "true",
    # Tasks wait in the partition that they happen to come to: with the default of four, tenants
    # would take turns in each of them, not in the queue.
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
}
"""Temporal's dynamic configuration."""


def setting_options(settings: Mapping[str, str]) -> list[str]:
    """The settings as options of the server's command line."""
    return [
        part
        for name, value in settings.items()
        for part in ("--dynamic-config-value", f"{name}={value}")
    ]


def command(directory: Path, *, port: int, ui_port: int, codec_url: str | None) -> list[str]:
    """The command that starts the server, with its database in the directory.

    Its other ports are random free ones, on the loopback address as well. The pages of the UI ask
    the codec server, if there is one, to decrypt payloads.
    """
    directory.mkdir(parents=True, exist_ok=True)
    options = {
        "--ip": LOOPBACK,
        "--port": str(port),
        "--ui-port": str(ui_port),
        "--db-filename": str(directory / "temporal.db"),
        "--log-level": "error",
    }
    program = str(Path(sysconfig.get_path("scripts")) / "temporal")
    return [
        program,
        "server",
        "start-dev",
        "--ui-disable-news-fetch",
        *(part for option in options.items() for part in option),
        *(("--ui-codec-endpoint", codec_url) if codec_url else ()),
        *setting_options(SERVER_SETTINGS),
        # Commits that wait for the disk would cut throughput by two thirds.
        *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"),
        *(
            part
            for name, kind in SEARCH_ATTRIBUTES.items()
            for part in ("--search-attribute", f"{name}={kind}")
        ),
    ]


def health_url(ui_url: str) -> str:
    """A URL of the UI that responds once the server has its default namespace."""
    return f"{ui_url}/api/v1/namespaces/default"
