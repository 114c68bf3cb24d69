"""Rebuilds the read model from Temporal's histories."""
