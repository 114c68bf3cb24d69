"""The identity provider of development: a token for any user who is asked for."""
