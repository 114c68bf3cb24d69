"""The data converter that all processes share."""

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.converter import WithSerializationContext
from temporalio.exceptions import ApplicationError

from temporal.encryption.converter import SharedPayloadConverter, data_converter
from temporal.encryption.keys import KeyMissing, KeyRing
from tests.support.payload_keys import ring


def refused_change() -> ApplicationError:
    """A failure with cause, details and stack traces, like that of a refused change."""
    try:
        try:
            int("Ada Lovelace")
        except ValueError as cause:
            raise ApplicationError(
                "Ada's title is wrong", {"value": "Ada"}, type="stage_incomplete"
            ) from cause
    except ApplicationError as caught:
        failure = caught
    return failure


async def written(error: BaseException, keys: KeyRing) -> Failure:
    failure = Failure()
    await data_converter(keys).encode_failure(error, failure)
    return failure


async def test_an_error_shows_only_its_code() -> None:
    failure = await written(refused_change(), ring("k1"))

    assert failure.application_failure_info.type == "stage_incomplete"
    assert b"Ada" not in failure.SerializeToString()
    assert b"refused_change" not in failure.SerializeToString(), "the stack trace"


async def test_an_error_is_decoded_unchanged() -> None:
    failure = await written(refused_change(), ring("k1"))

    error = await data_converter(ring("k1")).decode_failure(failure)

    assert isinstance(error, ApplicationError)
    assert (error.message, error.type) == ("Ada's title is wrong", "stage_incomplete")
    assert error.details == ({"value": "Ada"},)
    assert "Ada Lovelace" in str(error.__cause__)


@pytest.mark.parametrize("keys", [ring(), ring("new")])
async def test_a_missing_key_is_readable_without_keys(keys: KeyRing) -> None:
    failure = await written(KeyMissing("old"), keys)

    assert failure.application_failure_info.type == "KeyMissing"
    assert "'old', which is not in PAYLOAD_KEYS" in failure.message


async def test_an_error_is_readable_without_keys() -> None:
    failure = await written(refused_change(), ring())

    assert failure.message == "Ada's title is wrong"
    assert "Ada Lovelace" in failure.cause.message


@pytest.mark.parametrize("keys", [ring(), ring("k1")], ids=["readable", "encrypted"])
def test_every_payload_is_converted_without_a_context(keys: KeyRing) -> None:
    """``ContextFreeRunner`` relies on it: no part depends on the serialization context."""
    converter = data_converter(keys)

    # The composite itself only passes the context on to its parts.
    parts = (
        *SharedPayloadConverter().converters.values(),
        converter.payload_codec,
        converter.failure_converter,
    )

    assert converter.payload_converter_class is SharedPayloadConverter
    assert not [part for part in parts if isinstance(part, WithSerializationContext)]
    assert converter.external_storage is None
