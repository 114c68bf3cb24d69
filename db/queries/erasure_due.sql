SELECT s.session_id, s.tenant
FROM wizard_sessions AS s
WHERE s.status <> 'in_progress'
  AND s.updated_at < now() - make_interval(secs => $1)
  AND s.session_id > $2
ORDER BY s.session_id
LIMIT $3
