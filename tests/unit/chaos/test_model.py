"""The model of a session: acknowledged changes, merged as the API merges them."""

from tests.chaos.model import SessionModel, merged
from tests.chaos.plan import journey_of


def model() -> SessionModel:
    return SessionModel(journey_of(1, 0, 0))


def test_a_patch_replaces_its_fields_alone() -> None:
    stored = {"name": "Hall", "address": {"city": "Rome", "line1": "1 Main Street"}, "tags": ["a"]}
    patch = {"address": {"city": "Oslo"}, "tags": ["b"]}
    assert merged(stored, patch) == {
        "name": "Hall",
        "address": {"city": "Oslo", "line1": "1 Main Street"},
        "tags": ["b"],
    }


def test_a_restored_revision_has_the_data_of_its_answer() -> None:
    session = model()
    session.saved("eventSetup", {"title": "First"}, "key-1")
    session.seen_at(1)
    session.saved("eventSetup", {"title": "Second"}, "key-2")
    session.seen_at(2)

    assert session.revision_for(0.9) == 1
    session.restored(1, "key-3")

    assert session.data == {"eventSetup": {"title": "First"}}
    assert session.actions == {"save_stage": 2, "restore": 1}
    assert session.keys["key-3"] == {"restore": 1}


def test_there_is_nothing_to_restore_while_all_data_are_the_same() -> None:
    session = model()
    session.saved("eventSetup", {"title": "First"}, "key-1")
    session.seen_at(1)
    session.changed("move_to_stage", "key-2")
    session.seen_at(2)

    assert session.revision_for(0.5) is None
