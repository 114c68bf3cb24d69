"""Imports of events from other systems, as an example for importers: ``python -m dev import FILE``.

Each format has a file with one pure function, which returns the sections of a session. Start
reading at :mod:`dev.imports.command`, which sends them.
"""
