SELECT
    s.session_id::text,
    s.revision,
    s.status,
    s.current_stage,
    s.completion_percentage,
    s.expires_at
FROM wizard_sessions AS s
WHERE s.session_id = ANY($1::uuid[])
