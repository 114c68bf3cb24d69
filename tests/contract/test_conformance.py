"""The running API conforms to its description: Schemathesis sends valid and invalid requests, and
checks every response."""

import asyncio
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.api import token
from tests.support.full_size import IS_FULL
from tests.support.stage_data import free_event
from tests.support.system import System
from tests.support.wizard import Wizard, fill_in, start

SECONDS = 150 if IS_FULL else 12
"""Duration: first the limits of each schema, then random requests to all operations in turn."""

EXAMPLES = 4
"""Requests to one operation in each round."""

CONFIGURATION = """\
max-time = {seconds}
# CPython 3.11 counts the depth of a syntax tree over all threads (gh-106905): with two workers, the
# parser fails at times.
workers = 1
request-timeout = 20
base-url = "{address}"

[headers]
Authorization = "Bearer ${{WIZARD_TOKEN}}"

[parameters]
"path.session_id" = "{edited}"
"path.event_id" = "{event_id}"
"path.slug" = "{slug}"

[phases.stateful]
enabled = false

[generation]
max-examples = {examples}
deterministic = true

# A draft is kept also where it breaks a rule, and what the rules are a session's state decides:
# neither acceptance nor refusal follows from the schema alone.
[checks.positive_data_acceptance]
enabled = false
[checks.negative_data_rejection]
enabled = false

# A draft of other types is kept as well, and is not as described then: only drafts that the
# document describes are sent here. Others are sent by the tests of drafts.
[[operations]]
include-operation-id = ["save_stage", "complete_stage", "create_session"]
generation = {{ mode = "positive" }}

# Its response does not end.
[[operations]]
include-operation-id = ["stream_session"]
enabled = false

[[operations]]
include-name = "POST /v1/sessions/{{session_id}}/abandon"
parameters = {{ "path.session_id" = "{abandoned}" }}

[[operations]]
include-name = "DELETE /v1/sessions/{{session_id}}"
parameters = {{ "path.session_id" = "{erased}" }}

[[operations]]
include-name = "POST /v1/sessions/{{session_id}}/publish"
parameters = {{ "path.session_id" = "{published}" }}

[[operations]]
include-name = "POST /v1/sessions/{{session_id}}/restore"
# 503 for the moments in which the audit trail is behind the saves that are sent at the same time.
checks = {{ not_a_server_error = {{ expected-statuses = ["2xx", "4xx", 503] }} }}
"""


@dataclass(frozen=True)
class Target:
    """One session for each request that ends a session, and an open one for all other requests."""

    address: str
    edited: str
    abandoned: str
    erased: str
    published: str
    event_id: str
    slug: str


@pytest.fixture
async def target(system: System, ada: httpx.AsyncClient) -> Target:
    edited, abandoned, erased, ready, done = [await start(ada) for _ in range(5)]
    await fill_in(ready, free_event())
    event = await _published(done)
    return Target(
        system.address,
        edited.session_id,
        abandoned.session_id,
        erased.session_id,
        ready.session_id,
        event["event_id"],
        event["slug"],
    )


async def _published(wizard: Wizard) -> dict[str, str]:
    await fill_in(wizard, free_event(title="Autumn Show"))
    event: dict[str, str] = (await wizard.post("/publish")).json()
    return event


async def test_every_answer_is_as_described(target: Target, tmp_path: Path) -> None:
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(
        CONFIGURATION.format(seconds=SECONDS, examples=EXAMPLES, **vars(target))
    )
    schemathesis = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(sysconfig.get_path("scripts")) / "schemathesis"),
        "--config-file",
        str(configuration),
        "run",
        f"{target.address}/openapi.json",
        "--no-color",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "WIZARD_TOKEN": token()},
        cwd=tmp_path,
    )

    report, _ = await schemathesis.communicate()

    assert schemathesis.returncode == 0, report.decode()
