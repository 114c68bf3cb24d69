"""The components of the stack and their environment."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType

from api.app import describe_app
from dev.identity.clients import WEB_CLIENT_ID
from dev.stack.component import Component
from dev.stack.ports import Ports
from dev.stack.services import Site, addresses, environment_of, whole_stack
from dev.stack.state import StackError, StateDir
from dev.stack.temporal import SEARCH_ATTRIBUTES
from payments.event_types import SUBSCRIBED_SNAPSHOTS, SUBSCRIBED_THIN
from settings import ApiSettings, CodecSettings, WorkerSettings
from temporal.search_attributes import KEYS
from tests.support.payload_keys import key

PORTS = Ports(
    api=(9000, 9006),
    temporal=9001,
    temporal_ui=9002,
    stripe=9003,
    identity=9004,
    postgres=9005,
    codec=None,
    notes=(),
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A stack without a Stripe key in its environment."""
    monkeypatch.delenv("STRIPE_API_KEY", raising=False)
    return Site(ports=PORTS, stack=addresses(PORTS), state=StateDir(tmp_path))


def test_every_need_is_met_by_an_earlier_component(site: Site) -> None:
    earlier: set[str] = set()
    for component in whole_stack(site):
        assert earlier.issuperset(component.needs), component.name
        earlier.add(component.name)


def test_each_api_process_has_its_own_port(site: Site) -> None:
    by_name = {component.name: component for component in whole_stack(site)}

    assert by_name["api"].environment["API_PORT"] == "9000"
    assert by_name["api-2"].environment["API_PORT"] == "9006"


def test_the_ready_file_of_an_earlier_worker_does_not_count(site: Site) -> None:
    site.state.worker_ready.touch()

    worker = component(site, "worker")
    worker.before_start()

    assert worker.ready is not None
    assert not worker.ready()


def test_the_environment_passes_settings_but_no_addresses(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_TTL", "60")
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("TEMPORAL_API_KEY", "of another cluster")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/production")
    monkeypatch.setenv("JWT_SECRET", "of another issuer")
    monkeypatch.setenv("JWT_PUBLISH_PERMISSION", "events:publish")

    environment = environment_of(site)

    assert (environment["SESSION_TTL"], environment["LOG_FORMAT"]) == ("60", "json")
    assert environment["DATABASE_URL"] == site.stack.database_url
    assert environment["TEMPORAL_ADDRESS"] == "127.0.0.1:9001"
    assert "TEMPORAL_API_KEY" not in environment
    assert "JWT_SECRET" not in environment
    assert environment["JWT_PUBLISH_PERMISSION"] == "events:publish"


def test_the_front_end_signs_in_from_the_api_and_its_own_servers(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://wizard.localhost:9000")
    monkeypatch.setenv("WEB_ISSUER", "https://of.another.client")

    origins = component(site, "identity").environment["IDENTITY_ORIGINS"].split(",")

    assert {"http://127.0.0.1:9000", "http://localhost:9000"} <= set(origins)
    assert {"http://wizard.localhost:9000", "http://localhost:5173"} <= set(origins)
    assert "WEB_ISSUER" not in environment_of(site)


def component(site: Site, name: str) -> Component:
    return next(component for component in whole_stack(site) if component.name == name)


def test_there_is_no_codec_server_without_keys(site: Site) -> None:
    assert "codec" not in {component.name for component in whole_stack(site)}
    assert "--ui-codec-endpoint" not in component(site, "temporal").command


def test_the_ui_and_the_codec_server_know_each_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAYLOAD_KEYS", key("k1"))
    monkeypatch.setenv("CODEC_HOST", "0.0.0.0")
    monkeypatch.setenv("CODEC_CORS_ORIGINS", "https://temporal.example")
    ports = replace(PORTS, codec=9007)
    encrypted = Site(ports=ports, stack=addresses(ports), state=site.state)

    server = component(encrypted, "temporal").command
    for name, value in component(encrypted, "codec").environment.items():
        monkeypatch.setenv(name, value)
    settings = CodecSettings()

    assert server[server.index("--ui-codec-endpoint") + 1] == encrypted.stack.codec_url
    assert encrypted.stack.codec_url == "http://127.0.0.1:9007"
    assert (settings.codec_host, settings.codec_port) == ("127.0.0.1", 9007)
    assert settings.codec_cors_origins == ("http://127.0.0.1:9002", "http://localhost:9002")
    assert settings.operator_permission == "wizard:operate"
    assert settings.key_ring.current


def test_the_stand_in_delivers_what_the_api_accepts(site: Site) -> None:
    """Events of accounts are thin, those of sales are snapshots."""
    endpoints = json.loads(component(site, "stripe").environment["STRIPE_STAND_IN_WEBHOOKS"])
    secret = component(site, "api").environment["STRIPE_WEBHOOK_SECRETS"]
    path = "/v1/webhooks/stripe"

    assert path in describe_app().openapi()["paths"]
    assert endpoints == [
        {
            "url": f"{site.stack.api_url}{path}",
            "secret": secret,
            "connect": True,
            "payload": payload,
            "enabled_events": list(enabled),
        }
        for payload, enabled in (("thin", SUBSCRIBED_THIN), ("snapshot", SUBSCRIBED_SNAPSHOTS))
    ]


def test_the_webhook_secret_is_generated_once(site: Site, tmp_path: Path) -> None:
    secret = site.state.stripe_webhook_secret()

    assert StateDir(tmp_path).stripe_webhook_secret() == secret
    assert StateDir(tmp_path / "other").stripe_webhook_secret() != secret
    (file,) = [path for path in tmp_path.rglob("webhook_secret") if path.read_text() == secret]
    assert file.stat().st_mode & 0o077 == 0


def test_the_secret_of_the_ids_is_generated_once(site: Site, tmp_path: Path) -> None:
    secret = environment_of(site)["ID_SECRET"]

    assert StateDir(tmp_path).id_secret() == secret
    assert StateDir(tmp_path / "other").id_secret() != secret
    (file,) = [path for path in tmp_path.rglob("id_secret") if path.read_text() == secret]
    assert file.stat().st_mode & 0o077 == 0

    site.state.drop()
    assert site.state.id_secret() != secret


def test_worker_and_api_accept_the_stand_ins_settings(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(site).items():
        monkeypatch.setenv(name, value)

    worker, api = WorkerSettings(), ApiSettings()

    assert worker.stripe_api_base == site.stack.stripe_url == "http://127.0.0.1:9003"
    (secret,) = api.stripe_webhook_secrets
    assert secret.get_secret_value() == site.state.stripe_webhook_secret()
    assert not api.stripe_livemode
    assert api.id_secret.get_secret_value() == site.state.id_secret()
    assert (api.sign_in_issuer, api.web_client_id) == (site.stack.identity_url, WEB_CLIENT_ID)


def test_a_test_mode_key_replaces_the_stand_in_by_stripe(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_of_the_user")
    stripe_site = Site(ports=PORTS, stack=addresses(PORTS), state=site.state)

    environment = environment_of(stripe_site)

    assert stripe_site.stack.stripe_url is None
    assert "stripe" not in {component.name for component in whole_stack(stripe_site)}
    assert environment["STRIPE_API_KEY"] == "sk_test_of_the_user"
    assert "STRIPE_API_BASE" not in environment


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1", "nonsense"])
def test_a_live_or_malformed_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", key)

    with pytest.raises(StackError) as refusal:
        addresses(PORTS)

    assert key not in str(refusal.value)


def test_the_server_registers_every_search_attribute() -> None:
    kinds = {key.name: f"INDEXED_VALUE_TYPE_{SEARCH_ATTRIBUTES[key.name].upper()}" for key in KEYS}

    assert kinds == {
        key.name: IndexedValueType.Name(IndexedValueType.ValueType(int(key.indexed_value_type)))
        for key in KEYS
    }
    assert kinds.keys() == SEARCH_ATTRIBUTES.keys()
