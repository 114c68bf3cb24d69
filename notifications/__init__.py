"""Outgoing webhooks, signed according to the Standard Webhooks specification."""
