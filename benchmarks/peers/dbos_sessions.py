"""DBOS, with its two ways to make a save durable.

    python -m benchmarks.peers.dbos_sessions DATABASE_URL PORT workflow|step

``workflow``: a session is one long workflow that receives each save as a message, keeps the state,
and answers with an event, as in the wizard. ``step``: each save is a separate workflow, whose
only step calls the SQL function. Needs the packages of requirements/bench.txt.
"""

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from dbos import DBOS, DBOSConfig, SetWorkflowID
from fastapi import FastAPI, Request, Response

from benchmarks.peers.serving import POOL_SIZE, arguments, open_pool, serve

Json = dict[str, Any]
Save = Callable[[UUID, str, Json], Awaitable[str]]

TOPIC: Final = "save"
MESSAGE_TIMEOUT: Final = 7 * 24 * 60 * 60.0
ANSWER_TIMEOUT: Final = 10.0
"""Seconds."""


class Database:
    """Holds the pool, because a step cannot take it as an argument."""

    pool: asyncpg.Pool


@DBOS.workflow()
async def keep_session(session_id: str) -> None:
    """Ends when no message has arrived for ``MESSAGE_TIMEOUT``."""
    stages: dict[str, Json] = {}
    revision = 0
    while (message := await DBOS.recv_async(TOPIC, timeout_seconds=MESSAGE_TIMEOUT)) is not None:
        stage = message["stage"]
        stages[stage] = {**stages.get(stage, {}), **message["patch"]}
        revision += 1
        saved = {"session_id": session_id, "stages": stages, "revision": revision}
        await DBOS.set_event_async(message["id"], json.dumps(saved))


async def save_by_message(session_id: UUID, stage: str, patch: Json) -> str:
    message = {"id": uuid4().hex, "stage": stage, "patch": patch}
    await DBOS.send_async(str(session_id), message, TOPIC)
    saved: str = await DBOS.get_event_async(
        str(session_id), message["id"], timeout_seconds=ANSWER_TIMEOUT
    )
    return saved


@DBOS.step()
async def save_in_database(session_id: str, stage: str, patch: Json) -> str:
    saved: str = await Database.pool.fetchval(
        "SELECT save_stage($1, $2, $3)", session_id, stage, json.dumps(patch)
    )
    return saved


@DBOS.workflow()
async def save_durably(session_id: str, stage: str, patch: Json) -> str:
    saved: str = await save_in_database(session_id, stage, patch)
    return saved


async def save_by_step(session_id: UUID, stage: str, patch: Json) -> str:
    saved: str = await save_durably(str(session_id), stage, patch)
    return saved


def create_app(database_url: str, save: Save) -> FastAPI:
    config: DBOSConfig = {
        "name": "sessions",
        "system_database_url": database_url.replace("postgresql://", "postgresql+psycopg://"),
        "sys_db_pool_size": POOL_SIZE,
        "log_level": "ERROR",
    }

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        Database.pool = await open_pool(database_url)
        DBOS(config=config)
        DBOS.launch()
        yield
        DBOS.destroy()
        await Database.pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/sessions/{session_id}", status_code=201, response_model=None)
    async def create(session_id: UUID) -> Response:
        await Database.pool.execute("INSERT INTO sessions (session_id) VALUES ($1)", session_id)
        if save is save_by_message:
            with SetWorkflowID(str(session_id)):
                await DBOS.start_workflow_async(keep_session, str(session_id))
        return Response(status_code=201)

    @app.patch("/sessions/{session_id}/stages/{stage}", response_model=None)
    async def save_stage(session_id: UUID, stage: str, request: Request) -> Response:
        saved = await save(session_id, stage, await request.json())
        return Response(saved, media_type="application/json")

    return app


MODES: Final[dict[str, Save]] = {"workflow": save_by_message, "step": save_by_step}

if __name__ == "__main__":
    url, port = arguments()
    serve(create_app(url, MODES[sys.argv[3]]), port)
