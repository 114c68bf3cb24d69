"""The embedded stack with ``PAYLOAD_KEYS``: its codec server, and what Temporal stores."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from dev.demo.examples import load
from dev.demo.player import DEFAULT_EXAMPLE
from dev.stack.ports import is_free
from domain import ids
from domain.json_values import JsonObject
from tests.e2e.conftest import new_state_directory
from tests.e2e.shell import Shell, is_running, kill_component
from tests.support.browsers import running_browser, tab
from tests.support.payload_keys import key

TITLE: Final = "An Evening with the Engine"


@pytest.fixture(scope="module")
def encrypted() -> Iterator[Shell]:
    """A whole stack with a key, which the tests of this file share."""
    with new_state_directory() as directory:
        shell = Shell(directory, "whole")
        shell.settings |= {
            "PAYLOAD_KEYS": key("k1"),
            "COPILOT_WARM_UP": "false",  # seconds of CPU time
            "WEB_ROOT": "",
        }
        shell.up()
        yield shell
        shell("down")


@pytest.fixture(scope="module")
def stack(encrypted: Shell) -> JsonObject:
    return encrypted.description()


def token(shell: Shell, *options: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {shell('token', *options).stdout.strip()}"}


@pytest.fixture(scope="module")
def session_id(encrypted: Shell, stack: JsonObject) -> str:
    """A session with a title."""
    session_id = str(uuid4())
    body = {"session_id": session_id, "sections": {"event": {"title": TITLE}}}
    answer = httpx.post(
        f"{stack['api_url']}/v1/sessions",
        json=body,
        headers=token(encrypted, "--user", "ada", "--org", "acme"),
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    return session_id


def payloads_in(value: Any) -> Iterator[JsonObject]:
    """All payloads of a history, as the UI collects them to have them decrypted."""
    if isinstance(value, dict) and value.keys() >= {"metadata", "data"}:
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from payloads_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from payloads_in(part)


@pytest.fixture(scope="module")
def payloads(stack: JsonObject, session_id: str) -> list[JsonObject]:
    """As the UI's server has them."""
    workflow = f"workflows/{ids.session_workflow_id(session_id)}"
    history = httpx.get(f"{stack['temporal_ui_url']}/api/v1/namespaces/default/{workflow}/history")
    return list(payloads_in(history.raise_for_status().json()))


def decode(stack: JsonObject, payloads: list[JsonObject], **headers: str) -> httpx.Response:
    """The request of the UI's pages."""
    return httpx.post(
        f"{stack['codec_url']}/decode",
        params={"preserveStorageRefs": "true"},
        json={"payloads": payloads},
        headers={"X-Namespace": "default", **headers},
    )


def data_of(payloads: list[JsonObject]) -> bytes:
    return b"".join(base64.b64decode(payload["data"]) for payload in payloads)


def test_the_codec_server_is_a_component_with_an_address(
    encrypted: Shell, stack: JsonObject
) -> None:
    assert urlsplit(stack["codec_url"]).port == encrypted.base + 6
    assert is_running(stack["pids"]["codec"])
    assert stack["codec_url"] in encrypted("status").stdout
    assert stack["codec_url"] in encrypted("up").stdout


def test_the_ui_reads_what_temporal_stores_encrypted(
    stack: JsonObject, payloads: list[JsonObject]
) -> None:
    origin = stack["temporal_ui_url"]

    answer = decode(stack, payloads, Origin=origin)

    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert TITLE.encode() in data_of(answer.json()["payloads"])
    assert TITLE.encode() not in data_of(payloads)


def test_temporal_stores_no_text_of_a_published_event(encrypted: Shell) -> None:
    """The demo also has refused input, orders and events of Stripe."""
    demo = encrypted("demo")
    assert demo.returncode == 0, demo.stdout + demo.stderr

    stages = load(DEFAULT_EXAMPLE, datetime.now(UTC).date()).stages
    texts = {text for text in texts_in(stages) if " " in text or "@" in text}
    stored = b"".join(file.read_bytes() for file in (encrypted.directory / "temporal").iterdir())

    assert len(texts) > 20
    assert {text for text in texts if text.encode() in stored} == set()
    assert all(name in stored for name in (b"WizardSession", b"TicketOrder", b"StripeEvent"))


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from texts_in(part)


def test_other_origins_and_callers_read_nothing(
    encrypted: Shell, stack: JsonObject, payloads: list[JsonObject]
) -> None:
    evil = {"Origin": "https://evil.example"}
    member = token(encrypted, "--user", "ada", "--org", "acme")

    refused = {
        "no origin": decode(stack, payloads),
        "another origin": decode(stack, payloads, **evil),
        "the API's origin": decode(stack, payloads, Origin=stack["api_url"]),
        "a member's token": decode(stack, payloads, Origin=stack["temporal_ui_url"], **member),
    }

    assert {caller: answer.status_code for caller, answer in refused.items()} == {
        "no origin": 401,
        "another origin": 401,
        "the API's origin": 401,
        "a member's token": 403,
    }
    assert "Access-Control-Allow-Origin" not in refused["another origin"].headers
    asked = {**evil, "Access-Control-Request-Method": "POST"}
    preflight = httpx.options(f"{stack['codec_url']}/decode", headers=asked)
    assert preflight.status_code == 400


def test_make_token_gives_the_permission_of_an_operator(
    encrypted: Shell, stack: JsonObject, payloads: list[JsonObject]
) -> None:
    operator = token(encrypted, "--user", "olga", "--permission", "wizard:operate")

    answer = decode(stack, payloads, **operator)

    assert answer.status_code == 200, answer.text
    assert TITLE.encode() in data_of(answer.json()["payloads"])


async def test_the_page_of_a_session_shows_its_input_and_details(
    stack: JsonObject, session_id: str
) -> None:
    ui, workflow = stack["temporal_ui_url"], ids.session_workflow_id(session_id)
    async with running_browser(stack["api_url"]) as browser, tab(browser, scripts=True) as page:
        await page.goto(f"{ui}/namespaces/default/workflows/{workflow}")
        await page.wait_for_url("**/timeline")
        await page.get_by_text('"owner"').first.wait_for()  # of the input
        await page.goto(page.url.removesuffix("timeline") + "user-metadata")
        details = page.frame_locator("#user-metadata-current-details")
        await details.get_by_text("eventSetup/date").wait_for()


def test_a_killed_codec_server_is_restarted(
    encrypted: Shell, stack: JsonObject, payloads: list[JsonObject]
) -> None:
    kill_component(encrypted, "codec")

    answer = decode(stack, payloads, Origin=stack["temporal_ui_url"])

    assert answer.status_code == 200, answer.text


def test_down_ends_the_codec_server(encrypted: Shell, stack: JsonObject) -> None:
    pid = encrypted.description()["pids"]["codec"]

    assert encrypted("down").returncode == 0

    assert not is_running(pid)
    assert is_free(encrypted.base + 6)


def test_a_stack_does_not_start_without_the_key_of_its_data(
    shell_of: Callable[[str], Shell], state_directory: Path
) -> None:
    shell = shell_of("idle")
    shell.settings["PAYLOAD_KEYS"] = key("k1")
    shell.up()
    shell("down")

    for changed, named in (("", "'k1'"), ("hunter2", "key 1")):
        shell.settings["PAYLOAD_KEYS"] = changed
        refused = shell("up")
        assert refused.returncode == 1, refused.stdout
        assert named in refused.stdout
        assert "Traceback" not in refused.stdout
        assert "hunter2" not in refused.stdout
        assert shell.has_ended()

    shell.settings["PAYLOAD_KEYS"] = f"{key('k2')},{key('k1')}"
    shell.up()
    shell.settings["PAYLOAD_KEYS"] = ""
    assert shell("reset").returncode == 0
    shell.up()
    assert json.loads((state_directory / "stack.json").read_text())["codec_url"] is None
