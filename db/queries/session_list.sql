-- The tenant comes from the row-level policy, which the index begins with.
SELECT to_jsonb(s)
FROM wizard_sessions AS s
WHERE (s.created_at, s.session_id) < (coalesce($1::timestamptz, 'infinity'), $2::uuid)
ORDER BY s.created_at DESC, s.session_id DESC
LIMIT $3
