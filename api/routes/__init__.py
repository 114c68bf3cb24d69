"""The routes, one file for each subject. The rules are in ``domain``."""
