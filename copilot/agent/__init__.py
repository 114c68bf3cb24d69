"""The agent by rules: from a sentence, or the result of a tool, to words and calls of tools."""
