"""The state is loaded as it was saved, whichever files have it."""

from pathlib import Path

import pytest

from dev.stripe_stand_in.state.models import WebhookDelivery
from dev.stripe_stand_in.state.store import Store
from dev.stripe_stand_in.state.store_file import StoreFile
from domain.json_values import JsonObject

ACCOUNT = "acct_1"


def product(name: str) -> JsonObject:
    return {"id": "p", "object": "product", "name": name}


def reloaded(directory: Path) -> Store:
    return StoreFile(directory).load()


@pytest.fixture
def saved(tmp_path: Path) -> tuple[StoreFile, Store]:
    """A file and its store, which was saved as a whole and then with more entries."""
    file = StoreFile(tmp_path)
    store = file.load()
    store.put(ACCOUNT, product("first"))
    file.save(store)
    store.put(ACCOUNT, product("second"))
    delivery = WebhookDelivery(id="d", endpoint_id="e", account=ACCOUNT, event_id="evt")
    store.keep("deliveries", "d", delivery)
    file.save(store)
    return file, store


def test_entries_are_appended_and_the_newest_is_loaded(
    tmp_path: Path, saved: tuple[StoreFile, Store]
) -> None:
    _, store = saved

    assert '"second"' not in (tmp_path / "state.json").read_text()
    assert reloaded(tmp_path).model_dump() == store.model_dump()


def test_other_changes_save_the_whole_store(tmp_path: Path, saved: tuple[StoreFile, Store]) -> None:
    file, store = saved
    store.put(ACCOUNT, product("third"))
    store.disconnected.add(ACCOUNT)
    store.changed()

    file.save(store)

    assert reloaded(tmp_path).model_dump() == store.model_dump()
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_an_incomplete_last_entry_is_ignored(
    tmp_path: Path, saved: tuple[StoreFile, Store]
) -> None:
    _, store = saved
    (journal,) = tmp_path.glob("*.jsonl")
    with journal.open("a") as file:
        file.write('["objects", "acct_1", {"id": "p", "obj')

    assert reloaded(tmp_path).model_dump() == store.model_dump()


def test_only_the_owner_can_read_the_files(tmp_path: Path, saved: tuple[StoreFile, Store]) -> None:
    assert len(list(tmp_path.iterdir())) == 2
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
