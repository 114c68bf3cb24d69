"""The agent by a language model. Only ``agents`` and what it uses load pydantic-ai."""
