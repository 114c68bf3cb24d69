"""``python -m dev.identity DIRECTORY PORT``: the identity service on the loopback address."""

import os
import sys
from pathlib import Path

import uvicorn

from dev.identity.app import create_app
from dev.identity.issuer import Issuer
from dev.stack.ports import LOOPBACK


def main() -> None:
    directory, port = Path(sys.argv[1]), int(sys.argv[2])
    issuer = Issuer.open(directory, f"http://{LOOPBACK}:{port}")
    origins = [origin.strip() for origin in os.environ.get("CORS_ORIGINS", "").split(",")]
    uvicorn.run(create_app(issuer, origins), host=LOOPBACK, port=port, log_level="warning")


if __name__ == "__main__":
    main()
