"""The state of a session, its changes, and what is shown of it."""
