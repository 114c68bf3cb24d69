SELECT slug, session_id FROM events WHERE slug = ANY ($1)
