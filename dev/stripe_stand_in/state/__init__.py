"""What survives a restart, and the delivery of webhooks that it feeds."""
