"""The same save as other designs make it, behind the same web server.

Each is a process of its own, with a database of its own at the stack's Postgres:

    POST  /sessions/{session_id}                 an empty session
    PATCH /sessions/{session_id}/stages/{stage}  the session, with the body merged into the stage

None validates anything, computes progress or keeps an audit trail. ``bare_save`` is no design, but
the least that ours can be: it keeps nothing at all.
"""
