"""The same save in other designs, behind the same web server.

Each is a separate process with its own database in the stack's Postgres:

    POST  /sessions/{session_id}                 an empty session
    PATCH /sessions/{session_id}/stages/{stage}  the session, with the body merged into the stage

None of them validates, computes progress or keeps an audit trail. ``bare_save`` is not a design but
the lower bound for ours: it stores nothing.
"""
