"""The settings of Temporal's client, which its SDK reads itself: checked at the start, because the
SDK reports a wrong one only when it connects, or not at all."""

import os
import re
from typing import Final, Self

from pydantic import model_validator
from temporalio.envconfig import ClientConfig

from settings.common import CommonSettings

_ADDRESS: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")


class TemporalSettings(CommonSettings):
    """Of the processes that connect to Temporal."""

    @model_validator(mode="after")
    def _client_is_configured(self) -> Self:
        for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"):
            if not os.environ.get(name, "unset").strip():
                raise ValueError(f"{name}: must not be empty. Set a value, or remove it")
        _require_readable()
        address = os.environ.get("TEMPORAL_ADDRESS")
        if address is not None and not _ADDRESS.fullmatch(address):
            raise ValueError("TEMPORAL_ADDRESS: must be a host and a port, like 127.0.0.1:7233")
        return self


def _require_readable() -> None:
    """
    Raises:
        ValueError: a file cannot be read, or two variables contradict each other.
    """
    try:
        ClientConfig.load_client_connect_config()
    except OSError as error:
        names = [name for name, value in os.environ.items() if value == error.filename]
        name = next(iter(names), "TEMPORAL_CONFIG_FILE")
        raise ValueError(f"{name}: must be a file that can be read") from None
    except RuntimeError as error:
        raise ValueError(f"TEMPORAL_*: {error}") from None
