SELECT to_jsonb(e) FROM events AS e WHERE e.session_id = $1
