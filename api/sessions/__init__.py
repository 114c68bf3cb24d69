"""Sends messages to the workflows of sessions, and reads and caches their views."""
