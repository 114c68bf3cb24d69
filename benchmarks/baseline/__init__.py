"""The bare Temporal baseline: workflows on the same server that do as little as possible.

``BaselineWorkflow`` has handlers that do nothing, so that its messages cost what any client of
the server pays. ``BareSaveWorkflow`` is the least that a save can be.
"""
