"""The stored state, and the delivery of webhooks from it."""
