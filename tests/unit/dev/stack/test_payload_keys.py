"""A stack does not start without the keys that its data is encrypted with."""

from pathlib import Path

import pytest

from dev.stack.payload_keys import KeysRefused, require_keys
from tests.support.payload_keys import encoded, key


@pytest.fixture
def encrypted(tmp_path: Path) -> Path:
    """The file of a stack that was started with the key k1."""
    file = tmp_path / "encrypted.json"
    require_keys(file, key("k1"))
    return file


def test_keys_may_be_added_and_change_their_order(encrypted: Path) -> None:
    require_keys(encrypted, f"{key('k1')},{key('k2')}")
    require_keys(encrypted, f"{key('k2')},{key('k1')}")

    with pytest.raises(KeysRefused, match="'k2', which is not in PAYLOAD_KEYS"):
        require_keys(encrypted, key("k1"))
    require_keys(encrypted, f"{key('k1')},{key('k2')}")


def test_a_key_that_has_encrypted_nothing_may_be_removed(encrypted: Path) -> None:
    require_keys(encrypted, f"{key('k1')},{key('k2')}")

    require_keys(encrypted, key("k1"))


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("", "the key 'k1', which is not in PAYLOAD_KEYS"),
        (key("k2"), "the key 'k1', which is not in PAYLOAD_KEYS"),
        (f"k1:{encoded(b'x' * 32)}", "PAYLOAD_KEYS has a different key with this id"),
    ],
)
def test_a_missing_key_is_named_with_the_remedy(encrypted: Path, setting: str, reason: str) -> None:
    before = encrypted.read_text()

    with pytest.raises(KeysRefused) as refused:
        require_keys(encrypted, setting)

    assert reason in str(refused.value)
    assert "make reset" in str(refused.value)
    assert encrypted.read_text() == before


def test_a_malformed_key_is_refused_without_quoting_it(tmp_path: Path) -> None:
    file = tmp_path / "encrypted.json"

    with pytest.raises(KeysRefused, match=r"^PAYLOAD_KEYS: the key k1 has 7 bytes") as refused:
        require_keys(file, f"k1:{encoded(b'hunter2')}")

    assert encoded(b"hunter2") not in str(refused.value)
    assert not file.exists()


def test_the_file_has_no_key(encrypted: Path) -> None:
    assert key("k1").partition(":")[2] not in encrypted.read_text()
