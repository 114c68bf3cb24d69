-- The tenant comes from the row-level policy, which the index begins with.
SELECT to_jsonb(e)
FROM events AS e
WHERE e.status = 'published'
  AND (e.published_at, e.id) < (coalesce($1::timestamptz, 'infinity'), $2::uuid)
ORDER BY e.published_at DESC, e.id DESC
LIMIT $3
