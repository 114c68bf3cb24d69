-- name: ping
SELECT 1

-- name: applied_migrations
SELECT name FROM schema_migrations

-- name: set_role
SELECT set_config('role', $1, true)

-- name: set_claims
SELECT set_config('request.jwt.claims', $1, true)

-- name: sample_sessions
SELECT s.current_stage, s.status, count(*) AS sessions
FROM wizard_sessions AS s
GROUP BY s.current_stage, s.status

-- name: sample_inbox_age
SELECT coalesce(extract(epoch FROM now() - min(e.received_at)), 0)::double precision
FROM stripe_events AS e
WHERE e.processed_at IS NULL
