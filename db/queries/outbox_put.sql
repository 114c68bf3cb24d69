INSERT INTO outbox (id, session_id, user_id, organization_id, kind, payload)
SELECT id, session_id, user_id, organization_id, kind, payload
FROM jsonb_populate_recordset(NULL::outbox, $1)
ON CONFLICT (id) DO NOTHING
