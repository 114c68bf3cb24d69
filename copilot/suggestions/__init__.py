"""Suggestions by rules: values for empty fields, advice for findings, explanations of fields."""
