"""The data converter of all clients and workers: pydantic, with encryption if there are keys."""

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
    """Shares one set of pydantic converters, and so their caches of types: the SDK creates an
    instance of this class for each workflow task."""

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


class EncryptedFailures(DefaultFailureConverter):
    """Moves messages and stack traces, which may quote entered data, into encrypted attributes. A
    PayloadUnreadable is not encrypted, because operators have to read it without keys."""

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
