"""Settings of the assistant."""

from functools import cached_property
from importlib.util import find_spec
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from copilot.model.options import DEFAULT_MAX_TOKENS, ModelName, ModelOptions, ModelProvider
from settings.addresses import HttpAddress
from settings.common import CommonSettings


def _checked_model(text: str) -> str:
    """An empty text means no model."""
    if text:
        ModelName.parse(text)
    return text


class AssistantSettings(CommonSettings):
    """The language model of the assistant, and what it needs."""

    copilot_model: Annotated[str, AfterValidator(_checked_model)] = Field(
        default="",
        description="The language model that answers as the assistant: anthropic:…, google:… or "
        "openai:…, and the name of a model. Unless set, the assistant works by rules alone, and "
        "sends nothing to a provider",
        examples=["anthropic:claude-haiku-4-5"],
    )
    copilot_base_url: HttpAddress | None = Field(
        default=None,
        description=(
            "Address of a server with OpenAI's Chat Completions API, for a COPILOT_MODEL that "
            "begins with openai:. Default: OpenAI's own"
        ),
        examples=["http://127.0.0.1:11434/v1"],
    )
    copilot_max_tokens: int = Field(
        default=DEFAULT_MAX_TOKENS,
        ge=256,
        le=1_000_000,
        description="Maximum tokens in one response of the language model",
    )
    anthropic_api_key: SecretStr | None = Field(
        default=None, description="API key of the provider, for anthropic:…", examples=["sk-ant-…"]
    )
    google_api_key: SecretStr | None = Field(
        default=None, description="API key of the provider, for google:…", examples=["…"]
    )
    openai_api_key: SecretStr | None = Field(
        default=None,
        description="API key of the provider, for openai:…; optional with COPILOT_BASE_URL",
        examples=["sk-…"],
    )

    @model_validator(mode="after")
    def _model_has_its_key_and_address(self) -> Self:
        options = self.model_options
        if options is None:
            return self
        is_openai = options.model.provider is ModelProvider.OPENAI
        if options.base_url is not None and not is_openai:
            raise ValueError("COPILOT_BASE_URL: requires a COPILOT_MODEL that begins with openai:")
        if options.api_key is None and options.base_url is None:
            name = f"{options.model.provider.upper()}_API_KEY"
            raise ValueError(f"COPILOT_MODEL: requires {name}")
        if find_spec("pydantic_ai") is None:
            raise ValueError("COPILOT_MODEL: requires the packages in requirements/model.txt")
        return self

    @cached_property
    def model_options(self) -> ModelOptions | None:
        """None: the assistant works by rules alone."""
        if not self.copilot_model:
            return None
        model = ModelName.parse(self.copilot_model)
        keys = {
            ModelProvider.ANTHROPIC: self.anthropic_api_key,
            ModelProvider.GOOGLE: self.google_api_key,
            ModelProvider.OPENAI: self.openai_api_key,
        }
        key = keys[model.provider]
        return ModelOptions(
            model,
            api_key=key.get_secret_value().strip() or None if key else None,
            base_url=self.copilot_base_url,
            max_tokens=self.copilot_max_tokens,
        )
