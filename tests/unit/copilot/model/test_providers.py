"""From the name of a model to a client of its provider."""

import pytest
from pydantic_ai.models.openai import OpenAIChatModel

from copilot.model.options import ModelName, ModelOptions
from copilot.model.providers import COMPATIBLE, model_of


@pytest.mark.parametrize(
    ("name", "base_url", "system"),
    [
        ("anthropic:claude-haiku-4-5", None, "anthropic"),
        ("google:gemini-2.5-flash", None, "google"),
        ("openai:gpt-5", None, "openai"),
        ("openai:qwen3:8b", "http://127.0.0.1:11434/v1", COMPATIBLE),
    ],
)
def test_each_provider_has_its_client(name: str, base_url: str | None, system: str) -> None:
    options = ModelOptions(ModelName.parse(name), api_key="key", base_url=base_url)
    model = model_of(options)
    assert model.system == system
    assert model.model_name == name.partition(":")[2]


def test_server_without_a_key_gets_none_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    options = ModelOptions(ModelName.parse("openai:m"), base_url="http://127.0.0.1:1/v1")
    model = model_of(options)
    assert isinstance(model, OpenAIChatModel)
    assert model.client.api_key != "sk-of-openai"


@pytest.mark.parametrize("text", ["", "gpt-5", "openai:", ":gpt-5", "mistral:large", "OPENAI:x"])
def test_name_of_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be anthropic"):
        ModelName.parse(text)
