"""From the options to a model of pydantic-ai. Loads only the library of the provider in use."""

from typing import Final

from pydantic_ai.models import Model

from copilot.model.options import ModelOptions, ModelProvider

COMPATIBLE: Final = "openai-compatible"
"""The name of a server with OpenAI's Chat Completions."""


def model_of(options: ModelOptions) -> Model:
    """A client of the provider. It connects at its first request."""
    name, key = options.model.name, options.api_key
    if options.model.provider is ModelProvider.ANTHROPIC:
        from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 - see above
        from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415 - see above

        return AnthropicModel(name, provider=AnthropicProvider(api_key=key))
    if options.model.provider is ModelProvider.GOOGLE:
        from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415 - see above
        from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415 - see above

        return GoogleModel(name, provider=GoogleProvider(api_key=key))
    return _chat_completions(name, key, options.base_url)


def _chat_completions(name: str, key: str | None, base_url: str | None) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415 - see above
    from pydantic_ai.profiles.openai import OpenAIModelProfile  # noqa: PLC0415 - see above
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415 - see above
    from pydantic_ai.providers.openai_compatible import (  # noqa: PLC0415 - see above
        OpenAICompatibleProvider,
    )

    if base_url is None:
        return OpenAIChatModel(name, provider=OpenAIProvider(api_key=key))
    # What each such server understands: one system message, and the older name of the limit.
    profile = OpenAIModelProfile(
        openai_chat_supports_multiple_system_messages=False,
        openai_chat_supports_max_completion_tokens=False,
    )
    provider = OpenAICompatibleProvider(COMPATIBLE, base_url=base_url, api_key=key, profile=profile)
    return OpenAIChatModel(name, provider=provider)
