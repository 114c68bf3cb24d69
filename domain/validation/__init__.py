"""Validates the data of a session: errors, progress and publish checks."""
