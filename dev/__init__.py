"""The embedded stack for development, demos and tests; never part of production."""
