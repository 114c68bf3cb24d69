-- name: live_revisions
-- Of sessions of all tenants: the API compares them, and reads the views with its readers' claims.
SELECT coalesce(jsonb_object_agg(r.session_id, r.revision), '{}')
FROM wizard_revisions($1) AS r

-- name: live_notify
SELECT pg_notify($1, $2)
