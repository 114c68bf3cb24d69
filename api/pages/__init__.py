"""The event's page: HTML rendered on the server, without JavaScript."""
