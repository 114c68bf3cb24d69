UPDATE events SET status = 'published', published_at = $2
WHERE session_id = $1 AND status = 'draft'
