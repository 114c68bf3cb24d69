"""The codec: encryption, decryption, and refused payloads."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload

from temporal.encryption.codec import EncryptionCodec
from temporal.encryption.keys import KeyMissing, KeyRing, PayloadUnreadable
from tests.support.payload_keys import encoded, ring

PLAIN = Payload(metadata={"encoding": b"json/plain", "note": b"Ada"}, data=b'"Ada Lovelace"')

PAYLOADS = st.builds(
    Payload, metadata=st.dictionaries(st.text(max_size=20), st.binary()), data=st.binary()
)


async def encrypted(payload: Payload = PLAIN, *key_ids: str) -> Payload:
    [sealed] = await EncryptionCodec(ring(*(key_ids or ("k1",)))).encode([payload])
    return sealed


@given(
    payload=PAYLOADS.filter(lambda payload: payload.metadata.get("encoding") != b"binary/encrypted")
)
async def test_an_encrypted_payload_is_decrypted(payload: Payload) -> None:
    sealed = await encrypted(payload)

    assert await EncryptionCodec(ring("k1")).decode([sealed]) == [payload]


async def test_only_encoding_and_key_id_are_readable() -> None:
    sealed = await encrypted()

    assert dict(sealed.metadata) == {
        "encoding": b"binary/encrypted",
        "encryption-key-id": b"k1",
    }
    assert b"Ada" not in sealed.SerializeToString()
    assert b"json/plain" not in sealed.SerializeToString()


async def test_equal_payloads_have_different_ciphertexts() -> None:
    ciphertexts = {(await encrypted()).data for _ in range(100)}

    assert len({data[:12] for data in ciphertexts}) == 100
    assert len({data[12:] for data in ciphertexts}) == 100


async def test_the_first_key_encrypts_and_all_decrypt() -> None:
    old, new = await encrypted(PLAIN, "old"), await encrypted(PLAIN, "new", "old")

    assert new.metadata["encryption-key-id"] == b"new"
    assert await EncryptionCodec(ring("new", "old")).decode([old, new]) == [PLAIN, PLAIN]


async def test_a_plain_payload_is_read_unchanged() -> None:
    sealed = await encrypted()

    assert await EncryptionCodec(ring("k1")).decode([PLAIN, sealed]) == [PLAIN, PLAIN]


async def test_an_encrypted_payload_is_refused_without_keys() -> None:
    codec = EncryptionCodec(ring())

    assert await codec.encode([PLAIN]) == [PLAIN]
    with pytest.raises(KeyMissing, match="'k1'"):
        await codec.decode([await encrypted()])


async def test_a_missing_key_is_named() -> None:
    with pytest.raises(KeyMissing, match="'old', which is not in PAYLOAD_KEYS"):
        await EncryptionCodec(ring("new")).decode([await encrypted(PLAIN, "old")])


def _flipped(payload: Payload, position: int) -> None:
    data = bytearray(payload.data)
    data[position] ^= 1
    payload.data = bytes(data)


def _renamed(payload: Payload) -> None:
    payload.metadata["encryption-key-id"] = b"k2"


def _truncated(payload: Payload) -> None:
    payload.data = payload.data[:10]


def _emptied(payload: Payload) -> None:
    payload.data = b""


@pytest.mark.parametrize(
    "tamper",
    [
        lambda payload: _flipped(payload, 0),
        lambda payload: _flipped(payload, 12),
        lambda payload: _flipped(payload, -1),
        _renamed,
        _truncated,
        _emptied,
    ],
    ids=["nonce", "ciphertext", "tag", "key id", "truncated", "empty"],
)
async def test_a_changed_payload_is_refused(tamper: Callable[[Payload], None]) -> None:
    sealed = await encrypted()
    tamper(sealed)

    with pytest.raises(PayloadUnreadable, match="cannot be decrypted with the key"):
        await EncryptionCodec(ring("k1", "k2")).decode([sealed])


async def test_the_id_of_the_key_is_authenticated() -> None:
    """Otherwise a payload would decrypt under another id of the same key."""
    material = encoded(b"one key under two ids, 32 bytes.")
    keys = KeyRing.parse(SecretStr(f"k1:{material},k2:{material}"))
    [sealed] = await EncryptionCodec(keys).encode([PLAIN])
    _renamed(sealed)

    with pytest.raises(PayloadUnreadable):
        await EncryptionCodec(keys).decode([sealed])


async def test_a_payload_without_a_key_id_is_refused() -> None:
    sealed = Payload(metadata={"encoding": b"binary/encrypted"}, data=b"x" * 40)

    with pytest.raises(KeyMissing, match="''"):
        await EncryptionCodec(ring("k1")).decode([sealed])
