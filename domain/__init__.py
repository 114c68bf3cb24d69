"""The rules of the wizard: pure functions over plain data. Imports only pydantic."""
