UPDATE events SET status = 'published', published_at = $2,
    ticket_tiers = coalesce($3, ticket_tiers)
WHERE session_id = $1 AND status = 'draft'
