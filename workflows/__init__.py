"""Temporal workflows: the life of a session, deterministic and free of any I/O of its own."""
