"""The publication of a session, and the event that it publishes."""
