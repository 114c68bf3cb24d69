"""Dockerfile and docker-compose.yml match the processes, and restrict them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from temporalio.envconfig import ClientConfig

import health_check
from api.server import GRACE_SECONDS
from settings import ApiSettings, CodecSettings
from tests.support.containers import (
    COMPOSE,
    OURS,
    ROOT,
    SETTINGS,
    Service,
    copied,
    dockerfile,
    image_environment,
    services,
)
from workers.options import GRACE

EXAMPLE = ROOT / "ops" / "compose.env.example"
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|DATABASE.*URL")
SERVICES = services()


@pytest.fixture(params=OURS)
def our_service(request: pytest.FixtureRequest) -> Service:
    return SERVICES[request.param]


def example() -> dict[str, str]:
    """The example file for operators, with every password filled in."""
    lines = [line for line in EXAMPLE.read_text().splitlines() if re.match(r"\w+=", line)]
    return {line.partition("=")[0]: "filled-in" for line in lines}


def settings_of(service: Service) -> dict[str, bool]:
    """Each setting's name in the environment, and whether the process needs it."""
    fields = SETTINGS[service.name].model_fields
    return {name.upper(): field.is_required() for name, field in fields.items()}


def test_every_name_is_a_setting_of_the_process(our_service: Service) -> None:
    other_names = our_service.names - set(settings_of(our_service))

    assert {name for name in other_names if not name.startswith("TEMPORAL_")} == set()


def test_every_setting_can_be_set(our_service: Service) -> None:
    missing = set(settings_of(our_service)) - our_service.names

    assert missing == set(), f"docker-compose.yml does not pass {missing} on to {our_service.name}"


def test_required_settings_are_set_or_demanded(our_service: Service) -> None:
    needed = {name for name, required in settings_of(our_service).items() if required}
    # Compose would demand it even if codec is not started; the process itself refuses to start.
    assert needed - our_service.required <= {"PAYLOAD_KEYS"}
    our_service.environment(example())


def test_temporal_variables_are_those_of_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "TEMPORAL_ADDRESS": "wizard.a1b2c.tmprl.cloud:7233",
        "TEMPORAL_NAMESPACE": "wizard.a1b2c",
        "TEMPORAL_API_KEY": "a-key",
        "TEMPORAL_TLS": "true",
        "TEMPORAL_TLS_SERVER_NAME": "server.example",
        "TEMPORAL_TLS_SERVER_CA_CERT_DATA": "ca",
        "TEMPORAL_TLS_CLIENT_CERT_DATA": "certificate",
        "TEMPORAL_TLS_CLIENT_KEY_DATA": "key",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    configured = ClientConfig.load_client_connect_config()

    for service in (SERVICES[name] for name in OURS):
        assert {name for name in service.names if name.startswith("TEMPORAL_")} == set(values)
    assert configured["target_host"] == values["TEMPORAL_ADDRESS"]
    assert configured["namespace"] == values["TEMPORAL_NAMESPACE"]
    assert configured["api_key"] == values["TEMPORAL_API_KEY"]
    tls = configured["tls"]
    assert not isinstance(tls, bool)
    assert tls is not None
    assert (tls.domain, tls.server_root_ca_cert) == ("server.example", b"ca")
    assert (tls.client_cert, tls.client_private_key) == (b"certificate", b"key")


def test_container_privileges_are_dropped(our_service: Service) -> None:
    definition = our_service.definition
    user = str(definition["user"]).partition(":")[0]
    assert user.isdecimal()
    assert int(user) > 0
    assert definition["read_only"] is True
    assert definition["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in definition["security_opt"]
    assert definition["tmpfs"] == ["/tmp"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - set(OURS)))
def test_no_other_service_gains_privileges(name: str) -> None:
    definition = SERVICES[name].definition
    assert definition["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in definition["security_opt"]
    assert definition.get("user") != "root"


def test_published_ports_are_bound_to_loopback() -> None:
    for service in SERVICES.values():
        for port in service.definition.get("ports", ()):
            assert port.startswith("127.0.0.1:"), service.name


@pytest.mark.parametrize(("name", "setting"), [("api", "API_PORT"), ("codec", "CODEC_PORT")])
def test_published_ports_are_those_of_the_process(name: str, setting: str) -> None:
    (published,) = SERVICES[name].definition["ports"]

    assert published.rpartition(":")[2] == SERVICES[name].environment(example())[setting]


def test_postgres_and_temporal_are_on_the_internal_network_only() -> None:
    networks = yaml.safe_load(COMPOSE.read_text())["networks"]
    assert networks["inside"] == {"internal": True}
    for name in ("postgres", "temporal"):
        assert SERVICES[name].definition["networks"] == ["inside"]


def test_redis_is_reachable_by_the_api_only() -> None:
    networks = yaml.safe_load(COMPOSE.read_text())["networks"]
    assert networks["counters"] == {"internal": True}
    members = {
        name for name, service in SERVICES.items() if "counters" in service.definition["networks"]
    }
    assert members == {"api", "redis"}
    assert SERVICES["redis"].definition["networks"] == ["counters"]
    assert SERVICES["api"].environment(example())["REDIS_URL"] == "redis://redis:6379"


def test_grace_period_exceeds_the_shutdown_time(our_service: Service) -> None:
    assert our_service.stop_grace_seconds > max(GRACE.total_seconds(), GRACE_SECONDS)


def test_container_files_hold_no_secret() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.definition.get("environment", {}).items():
            if SECRET.search(variable) and value is not None:
                assert "${" in str(value), f"{name}: {variable}"
    for line in EXAMPLE.read_text().splitlines():
        name, assigned, value = line.lstrip("# ").partition("=")
        if assigned and SECRET.search(name):
            assert value == "", name
    for instruction in dockerfile():
        if instruction.name in {"ENV", "ARG"}:
            assert not SECRET.search(instruction.text), instruction


def test_the_image_runs_as_an_unprivileged_user() -> None:
    users = [instruction.text for instruction in dockerfile() if instruction.name == "USER"]
    assert users == ["10001:10001"]
    assert SERVICES["api"].definition["user"] == users[0]


def test_the_image_installs_only_locked_packages() -> None:
    installs = [
        instruction.text for instruction in dockerfile() if "pip install" in instruction.text
    ]
    assert len(installs) == 1
    assert "--require-hashes -r requirements/model.txt" in installs[0]


def test_the_image_has_exactly_what_the_processes_import(tmp_path: Path) -> None:
    for source in copied():
        assert (ROOT / source).exists(), source
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / source)
        else:
            (tmp_path / source).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / source, tmp_path / source)
    program = (
        "import sys, api.app, codec_server, health_check, migrate, rebuild.command, "
        "retire_links, worker\n"
        "print(*sorted(name for name in sys.modules if '.' not in name))"
    )
    imported = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert imported.returncode == 0, imported.stderr
    packages = {Path(source).stem for source in copied() if not source.endswith(".txt")}
    assert packages <= set(imported.stdout.split())
    assert not {"dev", "tests", "benchmarks"} & {path.name for path in tmp_path.iterdir()}


def test_dockerignore_excludes_all_but_copied_files() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == {*copied(), "web"}
    assert {"web/dist", "web/tools", "**/node_modules"} < set(rules)


def test_the_image_builds_the_front_end_from_its_lock() -> None:
    commands = [instruction.text for instruction in dockerfile() if instruction.name == "RUN"]
    installs = [
        command for command in commands if command.startswith("npm") and "run" not in command
    ]
    assert installs == ["npm ci --no-progress"]
    assert {"web/.npmrc", "web/package-lock.json", "web"} <= set(copied("web"))
    assert "--from=web /web/dist /app/web/dist" in {
        instruction.text for instruction in dockerfile() if instruction.name == "COPY"
    }


def test_health_checks_use_the_default_ports() -> None:
    checked_ports: list[str] = []
    checks = {**health_check.CHECKS}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(health_check, "check_http", checked_ports.append)
        checks["api"]({})
        checks["codec"]({})
    defaults = [
        ApiSettings.model_fields["api_port"].default,
        CodecSettings.model_fields["codec_port"].default,
    ]
    assert checked_ports == [str(default) for default in defaults]
    assert SERVICES["worker"].definition["environment"]["WORKER_READY_FILE"].startswith("/tmp/")
    assert image_environment()["WORKER_READY_FILE"].startswith("/tmp/")


needs_compose = pytest.mark.skipif(
    shutil.which("docker-compose") is None,
    reason="docker-compose is not installed (Debian's package of that name)",
)


def compose_config(variables: Path, *profiles: str) -> subprocess.CompletedProcess[str]:
    options = [option for profile in profiles for option in ("--profile", profile)]
    return subprocess.run(
        [
            *("docker-compose", "--file", str(COMPOSE), "--env-file", str(variables)),
            *(*options, "config"),
        ],
        env={"PATH": os.environ["PATH"], "API_REPLICAS": "3", "WORKER_REPLICAS": "4"},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_compose
@pytest.mark.parametrize(
    "profiles", [[], ["codec"], ["monitoring"], ["codec", "monitoring"]], ids="+".join
)
def test_compose_accepts_the_file(profiles: list[str], tmp_path: Path) -> None:
    filled = tmp_path / "filled.env"
    filled.write_text("\n".join(f"{name}={value}" for name, value in example().items()))

    accepted = compose_config(filled, *profiles)

    assert accepted.returncode == 0, accepted.stderr
    resolved = yaml.safe_load(accepted.stdout)["services"]
    # Compose 1 shows the services of all profiles, and compose 2 those of the selected ones.
    selected = {
        name
        for name, service in SERVICES.items()
        if set(service.definition.get("profiles", profiles)) <= set(profiles)
    }
    assert selected <= set(resolved)
    assert resolved["api"]["deploy"]["replicas"] == 3
    assert resolved["worker"]["deploy"]["replicas"] == 4
    for name in selected & set(OURS):
        variables = resolved[name]["environment"].items()
        assert dict(variable for variable in variables if variable[1] is not None) == SERVICES[
            name
        ].environment(example())


@needs_compose
def test_compose_refuses_empty_passwords() -> None:
    refused = compose_config(EXAMPLE)

    assert refused.returncode != 0
    assert "the superuser's" in refused.stderr
