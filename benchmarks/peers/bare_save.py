"""Bare saves behind FastAPI: no authentication, no rate limit, no log, no validation.

python -m benchmarks.peers.bare_save PORT
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import token_hex
from typing import Final
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from pydantic_core import to_json
from temporalio.client import Client

from api.sessions.idempotency import system_id
from benchmarks.baseline.workflows import BARE_SAVE_TASK_QUEUE, BARE_SAVE_UPDATE, BareSaveWorkflow
from benchmarks.peers.serving import serve
from domain.actors import Actor
from domain.json_values import JsonObject
from domain.session.answers import answer_of
from domain.session.changes import Stamp, save_stage
from domain.session.messages import Carried, SaveStage
from domain.session.repeats import MAX_SYSTEM_IDS, HandledRequests
from domain.session.run_rules import CHANGES_PER_RUN
from domain.session.state import assess_session, start_session
from domain.stages import Stage
from temporal import client
from temporal.encryption.keys import KeyRing

USER: Final = Actor(user_id="bench")
FINGERPRINT: Final = uuid4().hex


def answer_and_carried() -> tuple[JsonObject, JsonObject]:
    """Arguments of BareSaveWorkflow, as of a session with one save.

    Within a burst, a run carries all actions of the previous run.
    """
    now = datetime.now(UTC)
    new = start_session(str(uuid4()), USER, created_at=now)
    saved = save_stage(
        new, Stage.EVENT_SETUP, {"title": "Spring Show 1"}, Stamp(now, USER, uuid4().hex)
    )
    actions = (saved.action,) if saved.action else ()
    request = _request({}, known_revision=new.revision)
    answer = answer_of(request, saved.state, assess_session(saved.state, now), actions)
    handled = HandledRequests()
    for _ in range(MAX_SYSTEM_IDS):
        handled.add(system_id("attempt"), FINGERPRINT, now)
    carried = Carried(
        state=saved.state, handled=list(handled), unprojected=[*actions] * CHANGES_PER_RUN
    )
    return answer.model_dump(mode="json"), carried.model_dump(mode="json")


def _request(
    data: JsonObject, stage: Stage = Stage.EVENT_SETUP, known_revision: int = 1
) -> SaveStage:
    return SaveStage(
        actor=USER,
        stage=stage,
        data=data,
        fingerprint=FINGERPRINT,
        attempt=token_hex(8),
        known_revision=known_revision,
    )


def create_app() -> FastAPI:
    temporal: Client

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nonlocal temporal
        temporal = await client.connect_when_ready(KeyRing())
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/sessions/{session_id}", status_code=201, response_model=None)
    async def create(session_id: str) -> Response:
        await temporal.start_workflow(
            BareSaveWorkflow.run,
            args=answer_and_carried(),
            id=session_id,
            task_queue=BARE_SAVE_TASK_QUEUE,
        )
        return Response(status_code=201)

    @app.patch("/sessions/{session_id}/stages/{stage}", response_model=None)
    async def save(session_id: str, stage: Stage, request: Request) -> Response:
        message = _request(await request.json(), stage)
        handle = temporal.get_workflow_handle(session_id)
        saved: JsonObject = await handle.execute_update(
            BARE_SAVE_UPDATE, message, id=uuid4().hex, result_type=JsonObject
        )
        return Response(to_json(saved), media_type="application/json")

    return app


if __name__ == "__main__":
    serve(create_app(), int(sys.argv[1]))
