SELECT to_jsonb(s)
FROM wizard_sessions AS s
WHERE s.status = $4
  AND (s.created_at, s.session_id) < (coalesce($1::timestamptz, 'infinity'), $2::uuid)
ORDER BY s.created_at DESC, s.session_id DESC
LIMIT $3
