"""A Python client that is generated from the OpenAPI document works against the running API."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from api.document.views import DRAFTS
from domain.stages import Stage
from tests.support.api import token
from tests.support.stage_data import free_event
from tests.support.system import System
from tests.support.wizard import Wizard

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
PACKAGE = "event_wizard_client"
CONFIGURATION = """
post_hooks: []
content_type_overrides:
  image/avif: application/octet-stream
  image/jpeg: application/octet-stream
  image/png: application/octet-stream
  image/webp: application/octet-stream
  text/event-stream: text/plain
"""
"""The generator does not know the types of pictures and of streams by itself."""


class GeneratedClient:
    """Calls operations of the generated package by their ids."""

    def __init__(self, address: str, user: str) -> None:
        self.models: Any = module("models")
        self.http = module("client").AuthenticatedClient(base_url=address, token=token(user))

    async def call(self, operation: str, *path: str, **arguments: Any) -> Any:
        """The typed response; ``operation`` is ``tag.operation_id``."""
        endpoint: Any = module(f"api.{operation}")
        return (await endpoint.asyncio_detailed(*path, client=self.http, **arguments)).parsed


def module(name: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.{name}")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The generated package, which can be imported."""
    folder = tmp_path_factory.mktemp("generated")
    _generate(folder)
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def _generate(folder: Path) -> None:
    configuration = folder / "configuration.yaml"
    configuration.write_text(CONFIGURATION)
    generated = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"),
            *("--path", str(DOCUMENT), "--config", str(configuration), "--meta", "none"),
            *("--output-path", str(folder / PACKAGE)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert generated.returncode == 0, generated.stdout + generated.stderr


@pytest.fixture
def client(package: None, system: System, user: str) -> GeneratedClient:
    return GeneratedClient(system.address, user)


async def test_generated_client_publishes_an_event(client: GeneratedClient) -> None:
    models = client.models
    session_id = str(uuid4())
    created = await client.call(
        "sessions.create_session", body=models.CreateSession(session_id=session_id)
    )
    for stage, data in free_event().items():
        view = await client.call(
            "stages.save_stage",
            created.session_id,
            models.Stage(stage),
            body=getattr(models, DRAFTS[Stage(stage)]).from_dict(data),
        )
        assert view.to_dict()["stages"][stage]["valid"], stage

    event = await client.call("publication.publish", session_id)
    shown = await client.call("events.get_public_event", event.slug)

    assert (event.title, event.type_) == ("Spring Show", models.EventType.FASHION_SHOW)
    assert event.venue_data.address.city == "New York"
    assert [tier.kind for tier in shown.ticket_tiers] == [models.TierKind.FREE]


async def test_generated_client_reads_invalid_drafts(
    client: GeneratedClient, wizard: Wizard
) -> None:
    await wizard.save("eventSetup", {"title": 5, "type": "gala", "tags": "one"})

    view = await client.call("sessions.get_session", wizard.session_id, consistent=True)

    stage = view.stages.event_setup
    assert (stage.data.title, stage.data.type_, stage.data.tags) == (5, "gala", "one")
    assert {error.code for error in stage.errors} >= {client.models.ErrorCode.INVALID_TYPE}


async def test_generated_client_reads_problems(client: GeneratedClient, wizard: Wizard) -> None:
    models = client.models
    await wizard.save("eventSetup", {"title": "Spring Show"})

    conflict = await client.call(
        "stages.save_stage",
        wizard.session_id,
        models.Stage.EVENTSETUP,
        body=models.EventDraft(title="Autumn Show"),
        if_match='"0"',
    )
    blocked = await client.call("publication.publish", wizard.session_id)

    assert conflict.code is models.ProblemCode.REVISION_CONFLICT
    assert conflict.session.stages.event_setup.data.title == "Spring Show"
    assert blocked.code is models.ProblemCode.PUBLISH_BLOCKED
    assert models.CheckCode.STAGE_INVALID in {check.code for check in blocked.checks}
