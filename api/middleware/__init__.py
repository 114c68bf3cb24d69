"""ASGI middleware, each applied in ``api/app.py``."""
