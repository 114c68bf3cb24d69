"""The publication of a session, and the event that comes of it."""
