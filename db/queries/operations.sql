-- name: ping
SELECT 1

-- name: applied_migrations
SELECT name FROM schema_migrations

-- name: held_roles
-- The role of the login, and every role that it is a member of. Not those of current_user: RESET ROLE
-- leads back to the login. Rights of predefined roles are not in pg_shdepend.
WITH tables AS (
    SELECT c.relowner
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
),
given AS (
    SELECT d.refobjid AS role
    FROM pg_shdepend AS d
    WHERE d.refclassid = 'pg_authid'::regclass
      AND d.dbid = (SELECT db.oid FROM pg_database AS db WHERE db.datname = current_database())
)
SELECT
    r.rolname::text AS name,
    r.rolname = session_user AS is_login,
    pg_has_role(current_user, r.oid, 'USAGE') AS is_inherited,
    array_remove(ARRAY[
        CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
        CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN r.rolreplication THEN 'REPLICATION' END
    ], NULL) AS attributes,
    r.oid IN (SELECT t.relowner FROM tables AS t) AS owns_tables,
    r.oid IN (SELECT g.role FROM given AS g) OR r.rolname IN (
        'pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files',
        'pg_execute_server_program'
    ) AS has_rights
FROM pg_roles AS r
WHERE pg_has_role(session_user, r.oid, 'MEMBER')

-- name: server_process
SELECT pg_backend_pid()

-- name: role_exists
SELECT to_regrole($1) IS NOT NULL

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

-- name: sample_orders
SELECT o.state, count(*) AS orders FROM ticket_orders AS o GROUP BY o.state

-- name: sample_tickets_held
SELECT coalesce(sum(i.held), 0)::bigint FROM event_inventory AS i WHERE i.tier_id = ''

-- name: sample_order_overdue
SELECT greatest(0, coalesce(extract(epoch FROM now() - min(o.expires_at)), 0))::double precision
FROM ticket_orders AS o
WHERE o.state IN ('held', 'open')

-- name: stripe_answer_get
SELECT a.answer, a.since FROM stripe_answer AS a

-- name: stripe_answer_set
-- The time stays that of the first such answer.
INSERT INTO stripe_answer AS a (answer) VALUES ($1)
ON CONFLICT (is_only) DO UPDATE SET answer = excluded.answer, since = excluded.since
WHERE a.answer <> excluded.answer

-- name: issuers_add
SELECT wizard_add_issuers($1)
