"""Shared by the peers: their database, and a web server like that of the API."""

import sys
from pathlib import Path
from typing import Final

import asyncpg
import uvicorn
from fastapi import FastAPI

SCHEMA: Final = Path(__file__).with_name("save.sql")
POOL_SIZE: Final = 10


async def open_pool(database_url: str) -> asyncpg.Pool:
    """Creates the table and the function in the empty database."""
    pool = await asyncpg.create_pool(database_url, min_size=POOL_SIZE, max_size=POOL_SIZE)
    await pool.execute(SCHEMA.read_text())
    return pool


def serve(app: FastAPI, port: int) -> None:
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        http="httptools",
        ws="none",
        proxy_headers=False,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=65,
    )


def arguments() -> tuple[str, int]:
    """The database's address, and the port to listen on."""
    return sys.argv[1], int(sys.argv[2])
