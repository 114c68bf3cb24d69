"""Postgres: the read model, the audit trail and the events. The only package that imports asyncpg.

Repositories raise the errors of :mod:`db.errors`, never the driver's.
"""
