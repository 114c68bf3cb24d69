"""What the runner leaves out of the sandbox rests on what the data converter does not look at."""

from base64 import b64encode

import pytest
from pydantic import SecretStr
from temporalio.converter import WithSerializationContext

from temporal.encryption.converter import SharedPayloadConverter, data_converter
from temporal.encryption.keys import KeyRing

KEYS = KeyRing.parse(SecretStr(f"first:{b64encode(bytes(32)).decode()}"))


@pytest.mark.parametrize("keys", [KeyRing(), KEYS], ids=["readable", "encrypted"])
def test_every_payload_is_converted_alike(keys: KeyRing) -> None:
    converter = data_converter(keys)

    # the composite itself only passes a context on to what it is made of
    parts = (
        *SharedPayloadConverter().converters.values(),
        converter.payload_codec,
        converter.failure_converter,
    )

    assert converter.payload_converter_class is SharedPayloadConverter
    assert not [each for each in parts if isinstance(each, WithSerializationContext)]
    assert converter.external_storage is None
