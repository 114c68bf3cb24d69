"""Which language model answers, and its limits. Loads no library of a provider."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

DEFAULT_MAX_TOKENS: Final = 4096
"""Enough for a description of 5000 characters, and for what a reasoning model thinks before."""


class ModelProvider(StrEnum):
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    OPENAI = "openai"
    """Also any server that implements OpenAI's Chat Completions."""


@dataclass(frozen=True)
class ModelName:
    """A model of a provider, such as ``anthropic:claude-haiku-4-5``."""

    provider: ModelProvider
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            ValueError: the provider is unknown, or the name is missing.
        """
        provider, _, name = text.strip().partition(":")
        if provider not in set(ModelProvider) or not name:
            raise ValueError("must be anthropic:…, google:… or openai:…, and the name of a model")
        return cls(ModelProvider(provider), name)


@dataclass(frozen=True)
class ModelOptions:
    model: ModelName
    api_key: str | None = field(default=None, repr=False)
    """None: a server that needs none."""
    base_url: str | None = None
    """Of a server with OpenAI's Chat Completions; None: the provider's own."""
    max_tokens: int = DEFAULT_MAX_TOKENS
    """Of one request to the model."""
