"""Outgoing webhooks, signed after the Standard Webhooks specification."""
