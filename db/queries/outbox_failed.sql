UPDATE outbox SET attempts = attempts + 1, last_error = $2
WHERE id = $1 AND delivered_at IS NULL AND given_up_at IS NULL
