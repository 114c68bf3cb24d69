UPDATE stripe_events SET error = $2 WHERE id = $1 AND processed_at IS NULL
