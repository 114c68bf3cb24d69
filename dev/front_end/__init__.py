"""The front end's build, the size of its first load, and its marks by Lighthouse.

Builds and sizes need only Python's standard library, so that ``make web`` needs no environment.
"""
