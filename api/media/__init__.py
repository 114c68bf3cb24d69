"""Uploads of pictures: converted, counted for the tenant, and stored."""
