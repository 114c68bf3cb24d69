"""Calls Stripe's API. The only package that imports its SDK."""
