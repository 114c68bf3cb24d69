SELECT coalesce(extract(epoch FROM now() - min(e.received_at)), 0)::double precision
FROM stripe_events AS e
WHERE e.processed_at IS NULL
