"""How an ASGI application is served: the same for the gateway and for the codec server."""

import gc
from typing import Final

import uvicorn
from fastapi import FastAPI

from api.headers import MAX_WAIT_SECONDS
from api.http_protocol import HttpProtocol
from observability.endings import end_process, end_when_told

GRACE_SECONDS: Final = int(MAX_WAIT_SECONDS) + 5
"""From SIGTERM on no connection is taken, and what was asked before is answered: also the request
that waits longest, for a publication."""


def serve(app: FastAPI, host: str, port: int) -> None:
    """Until the process is told to stop; it ends with it."""
    end_when_told()  # uvicorn raises the signal again once it has drained
    gc.freeze()  # what is loaded stays: looking through it would hold every request up for 0.1 s
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=HttpProtocol,
        ws="none",
        proxy_headers=False,  # the application's own: uvicorn would trust every local process
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=65,
    )
    end_process()
