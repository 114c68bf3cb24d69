"""``python -m dev.identity DIRECTORY PORT``: the identity provider on the loopback address.

``IDENTITY_ORIGINS`` lists the addresses of the front end. ``IDENTITY_ACCESS_TTL`` and
``IDENTITY_REFRESH_TTL`` shorten the lifetimes of tokens, in seconds, to try how a front end renews
them. People who sign in have ``JWT_PUBLISH_PERMISSION``, if it is set.
"""

import os
import sys
from pathlib import Path

import uvicorn

from dev.identity.app import create_app
from dev.identity.clients import web_client
from dev.identity.issuer import Issuer
from dev.identity.provider import Lifetimes, Provider
from dev.identity.store import IdentityStore
from dev.stack.ports import LOOPBACK


def main() -> None:
    directory, port = Path(sys.argv[1]), int(sys.argv[2])
    usual = Lifetimes()
    provider = Provider(
        issuer=Issuer.open(directory, f"http://{LOOPBACK}:{port}"),
        client=web_client(os.environ.get("IDENTITY_ORIGINS", "").split(",")),
        store=IdentityStore(directory),
        lifetimes=Lifetimes(
            access_token=int(os.environ.get("IDENTITY_ACCESS_TTL") or usual.access_token),
            refresh_token=int(os.environ.get("IDENTITY_REFRESH_TTL") or usual.refresh_token),
        ),
        permissions=tuple(filter(None, [os.environ.get("JWT_PUBLISH_PERMISSION")])),
    )
    uvicorn.run(create_app(provider), host=LOOPBACK, port=port, log_level="warning")


if __name__ == "__main__":
    main()
