-- name: session_get
SELECT to_jsonb(s) FROM wizard_sessions AS s WHERE s.tenant = $1 AND s.session_id = $2

-- name: session_of_any_tenant
SELECT to_jsonb(s) FROM wizard_sessions AS s WHERE s.session_id = $1

-- name: session_list
SELECT to_jsonb(s)
FROM wizard_sessions AS s
WHERE s.tenant = $1
  AND (s.created_at, s.session_id) < (coalesce($2::timestamptz, 'infinity'), $3::uuid)
ORDER BY s.created_at DESC, s.session_id DESC
LIMIT $4

-- name: session_list_by_status
SELECT to_jsonb(s)
FROM wizard_sessions AS s
WHERE s.tenant = $1
  AND s.status = $5
  AND (s.created_at, s.session_id) < (coalesce($2::timestamptz, 'infinity'), $3::uuid)
ORDER BY s.created_at DESC, s.session_id DESC
LIMIT $4

-- name: session_summaries
SELECT to_jsonb(listed)
FROM (
    SELECT
        s.session_id,
        s.user_id,
        s.organization_id,
        s.event_data -> 'title' AS title,
        s.event_data -> 'date' AS date,
        s.status,
        s.is_active,
        s.current_stage,
        s.completion_percentage,
        s.publication,
        s.event_id,
        s.revision,
        s.created_at,
        s.updated_at,
        s.expires_at
    FROM wizard_sessions AS s
    WHERE s.tenant = $1
      AND (s.created_at, s.session_id) < (coalesce($2::timestamptz, 'infinity'), $3::uuid)
    ORDER BY s.created_at DESC, s.session_id DESC
    LIMIT $4
) AS listed

-- name: session_summaries_by_status
SELECT to_jsonb(listed)
FROM (
    SELECT
        s.session_id,
        s.user_id,
        s.organization_id,
        s.event_data -> 'title' AS title,
        s.event_data -> 'date' AS date,
        s.status,
        s.is_active,
        s.current_stage,
        s.completion_percentage,
        s.publication,
        s.event_id,
        s.revision,
        s.created_at,
        s.updated_at,
        s.expires_at
    FROM wizard_sessions AS s
    WHERE s.tenant = $1
      AND s.status = $5
      AND (s.created_at, s.session_id) < (coalesce($2::timestamptz, 'infinity'), $3::uuid)
    ORDER BY s.created_at DESC, s.session_id DESC
    LIMIT $4
) AS listed

-- name: session_count_open
SELECT count(*)
FROM (
  SELECT FROM wizard_sessions
  WHERE tenant = $1 AND status = 'in_progress'
  LIMIT $2
) AS open

-- name: session_open_page
-- In the order of the index of open sessions. A session with a scheduled publication is not idle: its
-- owner has nothing left to do.
SELECT
    s.session_id::text,
    s.expires_at,
    s.revision,
    $1::double precision > 0
    AND s.updated_at < now() - make_interval(secs => $1)
    AND s.publication ->> 'state' NOT IN ('scheduled', 'running') AS idle
FROM wizard_sessions AS s
WHERE s.status = 'in_progress'
  AND s.created_at < now() - make_interval(secs => $2)
  AND (s.expires_at, s.session_id) > (coalesce($3::timestamptz, '-infinity'), $4::uuid)
ORDER BY s.expires_at, s.session_id
LIMIT $5

-- name: session_milestones
SELECT
    s.session_id::text,
    s.revision,
    s.status,
    s.current_stage,
    s.completion_percentage,
    s.expires_at
FROM wizard_sessions AS s
WHERE s.session_id = ANY($1::uuid[])

-- name: session_actions
SELECT to_jsonb(a)
FROM wizard_actions AS a
WHERE a.tenant = $1 AND a.session_id = $2 AND (a.revision, a.part) < ($3, $4)
ORDER BY a.revision DESC, a.part DESC
LIMIT $5

-- name: session_action_summaries
SELECT to_jsonb(listed)
FROM (
    SELECT
        a.revision,
        a.part,
        a.action_name,
        a.stage,
        a.actor_id,
        a.created_at,
        a.idempotency_key,
        a.execution_time_ms,
        a.result,
        a.error_message,
        ARRAY(
            SELECT jsonb_object_keys(a.payload)
            WHERE a.payload IS NOT NULL
        ) AS changed_sections
    FROM wizard_actions AS a
    WHERE a.tenant = $1 AND a.session_id = $2 AND (a.revision, a.part) < ($3, $4)
    ORDER BY a.revision DESC, a.part DESC
    LIMIT $5
) AS listed

-- name: session_sections_at
-- Each section as of the newest action up to the revision that wrote it; an action holds whole
-- sections. No row if the session never had the revision, or while the audit trail lacks an action
-- before it, because the missing action may have written any section.
SELECT jsonb_object_agg(section.name, coalesce(newest.data, '{}'))
FROM unnest($4::text[]) AS section (name)
LEFT JOIN LATERAL (
    SELECT a.payload -> section.name AS data
    FROM wizard_actions AS a
    WHERE a.tenant = $1 AND a.session_id = $2 AND a.revision <= $3 AND a.payload ? section.name
    ORDER BY a.revision DESC
    LIMIT 1
) AS newest ON true
WHERE
    EXISTS (SELECT FROM wizard_sessions AS s WHERE s.tenant = $1 AND s.session_id = $2)
    AND $3::bigint = (
        SELECT count(DISTINCT a.revision)
        FROM wizard_actions AS a
        WHERE a.tenant = $1 AND a.session_id = $2 AND a.revision <= $3
    )
HAVING count(*) > 0
