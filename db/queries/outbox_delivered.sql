UPDATE outbox SET delivered_at = now(), attempts = attempts + 1, last_error = NULL
WHERE id = $1 AND delivered_at IS NULL AND given_up_at IS NULL
