"""The data converter of every client and worker: pydantic, and encryption where there are keys."""

from dataclasses import replace

from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverter, PayloadConverter

from encryption.codec import EncryptionCodec
from encryption.errors import PayloadUnreadable
from encryption.keys import KeyRing


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
    converter = replace(pydantic_data_converter, payload_codec=EncryptionCodec(keys))
    if keys.current is None:
        return converter
    return replace(converter, failure_converter_class=EncryptedFailures)
