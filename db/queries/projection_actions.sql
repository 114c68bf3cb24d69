INSERT INTO wizard_actions (
    session_id, revision, user_id, organization_id, actor_id, action_name, stage,
    idempotency_key, payload, result, error_message, created_at
)
SELECT
    session_id, revision, user_id, organization_id, actor_id, action_name, stage,
    idempotency_key, payload, result, error_message, created_at
FROM jsonb_populate_recordset(NULL::wizard_actions, $1)
ON CONFLICT (session_id, revision) DO NOTHING
