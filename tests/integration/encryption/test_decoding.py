"""The Temporal CLI with the codec server."""

import asyncio
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from temporalio.client import WorkflowHistory

from domain import ids
from tests.integration.encryption.deployments import Deployments
from tests.support.api import AUDIENCE, ISSUER, SECRET, token
from tests.support.payload_keys import key
from tests.support.ports import free_port
from tests.support.processes import Process
from tests.support.stage_data import free_event
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

PERMISSION = "wizard:operate"


@pytest.fixture
async def codec_endpoint(tmp_path: Path) -> AsyncIterator[str]:
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    environment = {
        "PAYLOAD_KEYS": key("k1"),
        "OPERATOR_PERMISSION": PERMISSION,
        "CODEC_PORT": str(port),
        "JWT_ISSUER": ISSUER,
        "JWT_AUDIENCE": AUDIENCE,
        "JWT_SECRET": SECRET,
    }
    process = Process.of_command(["codec_server.py"], environment, tmp_path / "codec.log")

    async def answers() -> bool:
        process.require_running()
        async with httpx.AsyncClient() as http:
            try:
                return (await http.get(f"{endpoint}/healthz")).is_success
            except httpx.TransportError:
                return False

    try:
        await eventually(answers, what="a codec server that answers")
        yield endpoint
    finally:
        await asyncio.to_thread(process.stop)
    assert "Ada Lovelace" not in process.log()
    assert key("k1").partition(":")[2] not in process.log()


async def temporal(*arguments: str) -> tuple[int, str]:
    """Runs the Temporal CLI; returns its exit code and output."""
    running = await asyncio.create_subprocess_exec(
        str(Path(sysconfig.get_path("scripts")) / "temporal"),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    written, _ = await running.communicate()
    return running.returncode or 0, written.decode()


async def shown(deployments: Deployments, wizard: Wizard, *options: str) -> tuple[int, str]:
    address = deployments.onlooker.service_client.config.target_host
    session = ids.session_workflow_id(wizard.session_id)
    return await temporal(
        *("workflow", "show", "--address", address, "--workflow-id", session),
        *("--output", "json", *options),
    )


def payloads_in(history: str) -> bytes:
    """The payloads of a history in JSON, whose bytes are in base64."""
    read = WorkflowHistory.from_json("wizard-session", history)
    return b"".join(event.SerializeToString() for event in read.events)


async def test_only_operators_can_decode_a_session(
    deployments: Deployments, codec_endpoint: str
) -> None:
    async with deployments.whole("k1") as http:
        wizard = await start(http)
        done = await wizard.complete("organizerSetup", free_event()["organizerSetup"])
        assert done.status_code == 200, done.text
    endpoint = ("--codec-endpoint", codec_endpoint, "--codec-auth")
    operator = token("olga", permissions=[PERMISSION])

    _, without = await shown(deployments, wizard)
    code, read = await shown(deployments, wizard, *endpoint, f"Bearer {operator}")
    refused, refusal = await shown(
        deployments, wizard, *endpoint, f"Bearer {token('mallory')}", "--command-timeout", "2s"
    )

    assert b"Ada Lovelace" not in payloads_in(without)
    assert code == 0, read
    assert b"Ada Lovelace" in payloads_in(read)
    assert refused != 0
    assert not refusal.lstrip().startswith("{"), "no history at all"
