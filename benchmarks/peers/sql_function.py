"""A SQL function behind FastAPI: no process outlives a request, and nothing is resumed.

python -m benchmarks.peers.sql_function DATABASE_URL PORT
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request, Response

from benchmarks.peers.serving import arguments, open_pool, serve


def create_app(database_url: str) -> FastAPI:
    pool: asyncpg.Pool

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nonlocal pool
        pool = await open_pool(database_url)
        yield
        await pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/sessions/{session_id}", status_code=201, response_model=None)
    async def create(session_id: UUID) -> Response:
        await pool.execute("INSERT INTO sessions (session_id) VALUES ($1)", session_id)
        return Response(status_code=201)

    @app.patch("/sessions/{session_id}/stages/{stage}", response_model=None)
    async def save(session_id: UUID, stage: str, request: Request) -> Response:
        patch = (await request.body()).decode()
        saved = await pool.fetchval("SELECT save_stage($1, $2, $3)", session_id, stage, patch)
        return Response(saved, media_type="application/json")

    return app


if __name__ == "__main__":
    url, port = arguments()
    serve(create_app(url), port)
