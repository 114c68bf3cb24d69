"""Settings of ``codec_server.py``."""

from typing import Self

from pydantic import Field, model_validator

from settings.addresses import MAX_PORT, Host, Origins
from settings.tokens import TokenSettings
from settings.values import Permission
from temporal.encryption.keys import PayloadKeys


class CodecSettings(TokenSettings):
    """Settings of ``codec_server.py``."""

    payload_keys: PayloadKeys = Field(description="Required here")
    operator_permission: Permission = Field(
        description="Only tokens with this permission may read encrypted payloads",
        examples=["wizard:operate"],
    )
    codec_host: Host = Field(
        default="127.0.0.1", description="Address that the codec server listens on"
    )
    codec_port: int = Field(
        default=8200, ge=1, le=MAX_PORT, description="Port that the codec server listens on"
    )
    codec_cors_origins: Origins = Field(
        default=(),
        description="The origin of the Temporal UI",
        examples=["https://temporal.example.com"],
    )

    @model_validator(mode="after")
    def _no_development_identity_beyond_this_machine(self) -> Self:
        self.refuse_plain_addresses_on(self.codec_host)
        return self
