INSERT INTO stripe_events
    (id, type, account_id, livemode, payload, created_at, outcome, processed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::text, CASE WHEN $7::text IS NOT NULL THEN now() END)
ON CONFLICT (id) DO NOTHING
