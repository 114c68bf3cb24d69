SELECT to_jsonb(e) FROM events AS e WHERE e.id = $1 AND e.status = 'published'
