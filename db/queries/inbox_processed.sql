UPDATE stripe_events SET processed_at = now(), outcome = $2, error = NULL
WHERE id = $1 AND processed_at IS NULL
