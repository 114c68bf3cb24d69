"""Connects to Temporal, and converts payloads, failures and search attributes."""
