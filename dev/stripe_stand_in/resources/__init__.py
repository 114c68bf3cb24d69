"""Stripe's resources: the implementation of the endpoints."""
