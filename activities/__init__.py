"""Temporal activities: where a session touches the world, each safe to run more than once."""
