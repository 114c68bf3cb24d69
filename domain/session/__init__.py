"""The state of a session, its changes, its view and its messages."""
