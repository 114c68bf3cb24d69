"""Which requests a session takes for repeats."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.session.repeats import (
    MAX_AGE,
    MAX_KEYS,
    MAX_SYSTEM_IDS,
    HandledRequest,
    HandledRequests,
)
from tests.unit.domain.samples import NOW

ROOT = Path(__file__).parents[4]


def handled(*request_ids: str) -> HandledRequests:
    requests = HandledRequests()
    for request_id in request_ids:
        requests.add(request_id, "f" * 32, NOW)
    return requests


def test_a_handled_key_is_found_in_the_next_run() -> None:
    requests = HandledRequests(list(handled("k")))

    found = requests.find("k", NOW)

    assert found is not None
    assert found.is_same_request("f" * 32)
    assert not found.is_same_request("e" * 32)
    assert requests.find("other", NOW) is None


def test_the_newest_thousand_keys_are_kept() -> None:
    requests = handled(*(f"k{number}" for number in range(MAX_KEYS + 1)))

    assert requests.find("k0", NOW) is None
    assert requests.find("k1", NOW) is not None
    assert len(list(requests)) == MAX_KEYS


def test_keys_are_forgotten_after_a_day() -> None:
    requests = handled("k")

    assert requests.find("k", NOW + MAX_AGE) is not None
    later = NOW + MAX_AGE + timedelta(minutes=1)
    assert requests.find("k", later) is None
    requests.add("other", None, later)
    assert len(list(requests)) == 1


def test_system_ids_take_no_place_of_keys() -> None:
    ids = [f"attempt {number}" for number in range(MAX_SYSTEM_IDS + 1)]
    requests = HandledRequests(list(handled("k", *ids)))

    assert requests.find("k", NOW) is not None
    assert requests.find("attempt 0", NOW) is None
    assert requests.find("attempt 1", NOW) is not None
    assert len(list(requests)) == 1 + MAX_SYSTEM_IDS


@pytest.mark.parametrize(
    "document", ["README.md", "api/openapi.py", "docs/adr/0006-one-answer-for-one-key.md"]
)
def test_documents_name_the_limits(document: str) -> None:
    text = (ROOT / document).read_text().replace("\n", " ")
    assert f"{MAX_KEYS:,} keys" in text
    assert f"for {MAX_AGE // timedelta(hours=1)} hours" in text


def test_a_discarded_key_is_free() -> None:
    requests = handled("k")

    requests.discard("k")

    assert requests.find("k", NOW) is None


@pytest.mark.parametrize(("recorded", "sent"), [(None, "f"), ("f", None)])
def test_a_request_without_a_fingerprint_counts_as_the_same(
    recorded: str | None, sent: str | None
) -> None:
    assert HandledRequest("k", recorded, 0).is_same_request(sent)
