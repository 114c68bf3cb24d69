"""PAYLOAD_KEYS: valid and malformed values."""

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from temporal.encryption.keys import KeyMissing, KeyRing, PayloadKeys
from tests.support.payload_keys import encoded, key, ring

MATERIAL = encoded(b"hunter2-hunter2-hunter2-hunter2-")


def test_the_first_key_is_the_current_one_and_all_are_found() -> None:
    keys = KeyRing.parse(SecretStr(f" {key('2031-05')} , {key('2030-11')},"))

    assert keys.current is not None
    assert keys.current.id == "2031-05"
    assert keys.find("2030-11").id == "2030-11"


def test_a_ring_without_keys_is_valid() -> None:
    assert KeyRing.parse(SecretStr("")).current is None


def test_a_missing_key_is_named() -> None:
    with pytest.raises(KeyMissing, match=r"'old', which is not in PAYLOAD_KEYS"):
        ring("new").find("old")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (MATERIAL, "key 1 must be written as id:base64"),
        (f"{MATERIAL}:k1", "key 1 must be written as id:base64"),
        (f"k1:{MATERIAL},:{MATERIAL}", "key 2 must be written as id:base64"),
        ("k1:", "key 1 must be written as id:base64"),
        (f"k 1:{MATERIAL}", "key 1 must be written as id:base64"),
        (f"{'k' * 33}:{MATERIAL}", "key 1 must be written as id:base64"),
        (f"k1:{MATERIAL[:-1]}", "the key k1 is not base64"),
        (f"k1:{MATERIAL[:-2]}!=", "the key k1 is not base64"),
        (f"k1:{MATERIAL[:20]}!{MATERIAL[20:]}", "the key k1 is not base64"),
        (f"k1:k2:{MATERIAL}", "the key k1 is not base64"),
        (f"k1:{encoded(b'hunter2-' * 2)}", "the key k1 has 16 bytes instead of 32"),
        (f"k1:{encoded(b'hunter2-' * 5)}", "the key k1 has 40 bytes instead of 32"),
        (f"k1:{MATERIAL},k2:{MATERIAL},k1:{MATERIAL}", "two keys have the id k1"),
    ],
)
def test_a_malformed_key_is_refused_and_not_quoted(written: str, message: str) -> None:
    class Settings(BaseModel, hide_input_in_errors=True):
        payload_keys: PayloadKeys

    with pytest.raises(ValidationError, match=message) as refused:
        Settings(payload_keys=SecretStr(written))

    for part in (MATERIAL[:12], encoded(b"hunter2-" * 2)[:12]):
        assert part not in str(refused.value)


def test_key_repr_shows_no_key() -> None:
    class Settings(BaseModel):
        payload_keys: PayloadKeys

    settings = Settings(payload_keys=SecretStr(f"k1:{MATERIAL}"))
    keys = KeyRing.parse(settings.payload_keys)

    shown = "".join([repr(settings), settings.model_dump_json(), repr(keys), repr(keys.current)])
    assert "k1" in shown
    assert "hunter2" not in shown
    assert MATERIAL not in shown
