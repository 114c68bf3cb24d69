"""Which components make up the stack and what they are told."""

from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType

from dev.ports import Ports
from dev.services import Site, addresses, environment_of, whole_stack
from dev.state import StateDir
from dev.temporal import SEARCH_ATTRIBUTES
from workflows.search_attributes import KEYS

PORTS = Ports(
    api=(9000, 9006), temporal=9001, temporal_ui=9002, identity=9004, postgres=9005, notes=()
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(ports=PORTS, stack=addresses(PORTS), state=StateDir(tmp_path))


def test_every_need_is_met_by_an_earlier_component(site: Site) -> None:
    seen: set[str] = set()
    for component in whole_stack(site):
        assert seen.issuperset(component.needs), component.name
        seen.add(component.name)


def test_each_api_process_has_a_port_of_its_own(site: Site) -> None:
    by_name = {component.name: component for component in whole_stack(site)}

    assert by_name["api"].environment["API_PORT"] == "9000"
    assert by_name["api-2"].environment["API_PORT"] == "9006"


def test_a_ready_worker_of_the_last_time_does_not_count(site: Site) -> None:
    site.state.worker_ready.touch()

    worker = next(one for one in whole_stack(site) if one.name == "worker")

    assert worker.ready is not None
    assert not worker.ready()


def test_settings_of_the_person_reach_the_processes_but_never_where_to_connect(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_TTL", "60")
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("TEMPORAL_API_KEY", "of another cluster")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/production")
    monkeypatch.setenv("JWT_SECRET", "of another issuer")

    environment = environment_of(site)

    assert (environment["SESSION_TTL"], environment["LOG_FORMAT"]) == ("60", "json")
    assert environment["DATABASE_URL"] == site.stack.database_url
    assert environment["TEMPORAL_ADDRESS"] == "127.0.0.1:9001"
    assert "TEMPORAL_API_KEY" not in environment
    assert "JWT_SECRET" not in environment


def test_the_server_starts_with_the_search_attributes_of_the_workflows() -> None:
    kinds = {key.name: f"INDEXED_VALUE_TYPE_{SEARCH_ATTRIBUTES[key.name].upper()}" for key in KEYS}

    assert kinds == {
        key.name: IndexedValueType.Name(IndexedValueType.ValueType(int(key.indexed_value_type)))
        for key in KEYS
    }
    assert kinds.keys() == SEARCH_ATTRIBUTES.keys()
