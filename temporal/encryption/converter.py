"""The data converter of every client and worker: pydantic, and encryption where there are keys."""

from typing import Final

from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverter,
    PayloadConverter,
)

from temporal.encryption.codec import EncryptionCodec
from temporal.encryption.keys import KeyRing, PayloadUnreadable

_CONVERTERS: Final = tuple(PydanticPayloadConverter().converters.values())


class SharedPayloadConverter(CompositePayloadConverter):
    """Pydantic's. The SDK makes one for each task of a workflow: they share what they learn of
    types."""

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


class EncryptedFailures(DefaultFailureConverter):
    """Puts messages and stack traces, which may quote what people typed, where the codec gets
    them. That a payload cannot be read stays readable: operators have to see it without keys."""

    def __init__(self) -> None:
        super().__init__(encode_common_attributes=True)
        self._readable = DefaultFailureConverter()

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        if isinstance(exception, PayloadUnreadable):
            self._readable.to_failure(exception, payload_converter, failure)
        else:
            super().to_failure(exception, payload_converter, failure)


def data_converter(keys: KeyRing) -> DataConverter:
    encrypts = keys.current is not None
    return DataConverter(
        payload_converter_class=SharedPayloadConverter,
        payload_codec=EncryptionCodec(keys),
        failure_converter_class=EncryptedFailures if encrypts else DefaultFailureConverter,
    )
