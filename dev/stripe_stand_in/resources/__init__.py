"""Stripe's resources: what each endpoint does."""
