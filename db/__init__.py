"""Postgres: the read model, the audit trail and the events. The only package that knows the driver.

Repositories raise the errors of :mod:`db.errors`, never the driver's. Apart from ``db.pool`` and
``db.migrate`` no module loads the driver when it is imported, so that activities can name the
types here in a process that has none.
"""
