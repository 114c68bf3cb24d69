"""``python -m dev.stripe_stand_in DATA_DIR PORT``: the stand-in on the loopback address.

``STRIPE_STAND_IN_WEBHOOKS`` is a JSON list of the endpoints that events are delivered to, each
``{"url": …, "secret": …, "connect": false, "payload": "snapshot" | "thin"}``.
"""

import json
import os
import sys
from pathlib import Path

import uvicorn

from dev.stack.ports import LOOPBACK
from dev.stripe_stand_in.app import create_app
from dev.stripe_stand_in.control import webhooks_from
from dev.stripe_stand_in.protocol.broken_responses import TransportProtocol


def main() -> None:
    directory, port = Path(sys.argv[1]), int(sys.argv[2])
    endpoints = webhooks_from(json.loads(os.environ.get("STRIPE_STAND_IN_WEBHOOKS", "[]")))
    uvicorn.run(
        create_app(directory, f"http://{LOOPBACK}:{port}", endpoints),
        host=LOOPBACK,
        port=port,
        log_level="warning",
        http=TransportProtocol,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=65,  # longer than the SDK, or a call may meet the closing
    )


if __name__ == "__main__":
    main()
