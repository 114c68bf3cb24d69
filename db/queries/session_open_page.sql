-- In the order of the index of open sessions. Who planned a publication has nothing left to do, and
-- is not idle.
SELECT
    s.session_id::text,
    s.expires_at,
    s.revision,
    $1::double precision > 0
    AND s.updated_at < now() - make_interval(secs => $1)
    AND s.publication ->> 'state' NOT IN ('scheduled', 'running') AS idle
FROM wizard_sessions AS s
WHERE s.status = 'in_progress'
  AND s.created_at < now() - make_interval(secs => $2)
  AND (s.expires_at, s.session_id) > (coalesce($3::timestamptz, '-infinity'), $4::uuid)
ORDER BY s.expires_at, s.session_id
LIMIT $5
