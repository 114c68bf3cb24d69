"""Outgoing webhooks; the only place that knows their secrets."""
