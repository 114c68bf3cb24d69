"""The routes, one file per resource. The rules are in ``domain``."""
