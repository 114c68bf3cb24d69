INSERT INTO stripe_events (id, type, account_id, livemode, payload, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING
