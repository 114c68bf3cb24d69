"""The front end's build, and the size of its first load.

Both need only Python's standard library, so that ``make web`` needs no environment.
"""
