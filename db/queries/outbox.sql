-- name: outbox_put
INSERT INTO outbox (id, session_id, user_id, organization_id, kind, payload)
SELECT id, session_id, user_id, organization_id, kind, payload
FROM jsonb_populate_recordset(NULL::outbox, $1)
ON CONFLICT (id) DO NOTHING

-- name: outbox_put_of_orders
-- The session is locked until the commit: a concurrent erasure would otherwise fail the change of
-- the order by the foreign key.
INSERT INTO outbox (id, session_id, user_id, organization_id, kind, payload, redrive_at)
SELECT n.id, n.session_id, n.user_id, n.organization_id, n.kind, n.payload, now()
FROM jsonb_populate_recordset(NULL::outbox, $1) AS n
WHERE EXISTS (
    SELECT FROM wizard_sessions AS s WHERE s.session_id = n.session_id FOR KEY SHARE
)
ON CONFLICT (id) DO NOTHING

-- name: outbox_pending
SELECT o.payload
FROM outbox AS o
WHERE o.id = $1 AND o.delivered_at IS NULL AND o.given_up_at IS NULL

-- name: outbox_delivered
UPDATE outbox SET delivered_at = now(), attempts = attempts + 1, last_error = NULL
WHERE id = $1 AND delivered_at IS NULL AND given_up_at IS NULL

-- name: outbox_failed
UPDATE outbox SET attempts = attempts + 1, last_error = $2
WHERE id = $1 AND delivered_at IS NULL AND given_up_at IS NULL

-- name: outbox_given_up
UPDATE outbox SET given_up_at = now()
WHERE id = $1 AND delivered_at IS NULL AND given_up_at IS NULL

-- name: outbox_claim
-- A claim keeps concurrent redrives from starting the same messages, and messages whose delivery
-- takes hours from blocking the others. Materialized, so that the locked and limited rows are not
-- searched again for each updated row.
WITH stranded AS MATERIALIZED (
    SELECT o.id FROM outbox AS o
    WHERE o.delivered_at IS NULL AND o.given_up_at IS NULL AND o.redrive_at <= now()
    ORDER BY o.redrive_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET redrive_at = now() + interval '1 hour'
FROM stranded
WHERE outbox.id = stranded.id
RETURNING outbox.id

-- name: outbox_forget
WITH old AS MATERIALIZED (
    SELECT o.id FROM outbox AS o
    WHERE coalesce(o.delivered_at, o.given_up_at) < now() - make_interval(secs => $1)
    LIMIT $2
), forgotten AS (
    DELETE FROM outbox USING old WHERE outbox.id = old.id RETURNING 1
)
SELECT count(*) FROM forgotten
