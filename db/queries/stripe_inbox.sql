-- name: inbox_insert
INSERT INTO stripe_events
    (id, type, account_id, livemode, payload, created_at, outcome, processed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::text, CASE WHEN $7::text IS NOT NULL THEN now() END)
ON CONFLICT (id) DO NOTHING

-- name: inbox_get
SELECT jsonb_build_object(
    'id', e.id, 'type', e.type, 'account_id', e.account_id, 'livemode', e.livemode,
    'processed', e.processed_at IS NOT NULL, 'reference', e.payload -> 'reference'
)
FROM stripe_events AS e
WHERE e.id = $1

-- name: inbox_processed
UPDATE stripe_events SET processed_at = now(), outcome = $2, error = NULL
WHERE id = $1 AND processed_at IS NULL

-- name: inbox_failed
UPDATE stripe_events SET error = $2 WHERE id = $1 AND processed_at IS NULL

-- name: inbox_stranded
SELECT e.id
FROM stripe_events AS e
WHERE e.processed_at IS NULL AND e.received_at < now() - make_interval(secs => $1)
ORDER BY e.error IS NOT NULL, e.received_at
LIMIT $2

-- name: inbox_empty_old
SELECT wizard_empty_stripe_payloads(now() - make_interval(secs => $1), $2)
