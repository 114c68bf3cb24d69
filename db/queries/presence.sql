-- name: member_put
-- A tenant without sessions has no use for names, and nothing would erase them.
INSERT INTO members (tenant, user_id, name)
SELECT $1, $2, $3
WHERE EXISTS (SELECT FROM wizard_sessions AS s WHERE s.tenant = $1)
ON CONFLICT (tenant, user_id) DO UPDATE SET name = excluded.name, updated_at = now()
RETURNING true

-- name: member_names
SELECT coalesce(jsonb_object_agg(m.user_id, m.name), '{}')
FROM members AS m
WHERE m.tenant = $1 AND m.user_id = ANY($2::text[])

-- name: presence_enter
INSERT INTO session_presence (session_id, tenant, user_id, process, since)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (session_id, tenant, user_id, process) DO UPDATE SET seen_at = now()

-- name: presence_leave
DELETE FROM session_presence
WHERE session_id = $1 AND tenant = $2 AND user_id = $3 AND process = $4

-- name: presence_renew
SELECT r.session_id::text, r.tenant, r.user_id, r.is_own
FROM wizard_renew_presence($1, $2) AS r

-- name: presence_end
SELECT wizard_end_presence($1)

-- name: presence_list
-- A person may have the session open in several processes.
SELECT jsonb_build_object('user_id', p.user_id, 'name', m.name, 'since', min(p.since))
FROM session_presence AS p
LEFT JOIN members AS m ON m.tenant = p.tenant AND m.user_id = p.user_id
WHERE p.tenant = $1
  AND p.session_id = $2
  AND p.seen_at >= now() - make_interval(secs => $3)
GROUP BY p.user_id, m.name
ORDER BY min(p.since), p.user_id
LIMIT $4
