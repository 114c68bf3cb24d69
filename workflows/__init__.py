"""Temporal workflows: deterministic, with all I/O in activities."""
