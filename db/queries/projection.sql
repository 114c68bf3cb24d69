-- name: projection_sessions
-- MERGE and not INSERT … ON CONFLICT: the latter needs SELECT on every column that it writes, and
-- the role of the live projection may read keys and revisions only.
MERGE INTO wizard_sessions AS stored
USING jsonb_populate_recordset(NULL::wizard_sessions, $1) AS given
ON stored.session_id = given.session_id
WHEN MATCHED AND stored.revision < given.revision THEN UPDATE SET
    status = given.status,
    current_stage = given.current_stage,
    completed_stages = given.completed_stages,
    completion_percentage = given.completion_percentage,
    completion_details = given.completion_details,
    organizer_data = given.organizer_data,
    event_data = given.event_data,
    venue_data = given.venue_data,
    ticket_data = given.ticket_data,
    sponsor_data = given.sponsor_data,
    review_data = given.review_data,
    payment_data = given.payment_data,
    validation = given.validation,
    publication = given.publication,
    stripe_account_id = given.stripe_account_id,
    event_id = given.event_id,
    revision = given.revision,
    updated_at = given.updated_at,
    expires_at = given.expires_at
WHEN NOT MATCHED THEN INSERT (
    session_id, user_id, organization_id, status, current_stage, completed_stages,
    completion_percentage, completion_details,
    organizer_data, event_data, venue_data, ticket_data, sponsor_data, review_data, payment_data,
    validation, publication, stripe_account_id, event_id,
    revision, created_at, updated_at, expires_at
) VALUES (
    given.session_id, given.user_id, given.organization_id, given.status, given.current_stage,
    given.completed_stages, given.completion_percentage, given.completion_details,
    given.organizer_data, given.event_data, given.venue_data, given.ticket_data,
    given.sponsor_data, given.review_data, given.payment_data,
    given.validation, given.publication, given.stripe_account_id, given.event_id,
    given.revision, given.created_at, given.updated_at, given.expires_at
)

-- name: projection_actions
INSERT INTO wizard_actions (
    session_id, revision, user_id, organization_id, actor_id, action_name, stage,
    idempotency_key, payload, result, error_message, execution_time_ms, created_at
)
SELECT
    session_id, revision, user_id, organization_id, actor_id, action_name, stage,
    idempotency_key, payload, result, error_message, execution_time_ms, created_at
FROM jsonb_populate_recordset(NULL::wizard_actions, $1)
ON CONFLICT (session_id, revision) DO NOTHING

-- name: projection_further_actions
-- Without a target, which would need SELECT on the columns of the key.
INSERT INTO further_wizard_actions (
    session_id, revision, part, user_id, organization_id, actor_id, action_name, stage,
    idempotency_key, payload, result, error_message, execution_time_ms, created_at
)
SELECT
    session_id, revision, part, user_id, organization_id, actor_id, action_name, stage,
    idempotency_key, payload, result, error_message, execution_time_ms, created_at
FROM jsonb_populate_recordset(NULL::wizard_actions, $1)
ON CONFLICT DO NOTHING
