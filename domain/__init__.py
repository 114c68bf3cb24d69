"""The wizard's rules: pure functions over plain data, standard library and pydantic only."""
