"""The identity provider for development, which issues a token for any requested user."""
