-- For the people who run the service: how sessions get on, over all tenants.

-- The worker counts sessions by these every half minute, from the index alone. While it is built
-- only writers of the read model wait, and nobody waits for them: saving goes on.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX wizard_sessions_by_status_and_stage ON wizard_sessions (status, current_stage);

-- Who looks at the figures of all tenants. Like the gateway's and the worker's, this role owns
-- nothing, and operators give it LOGIN and a password.
DO $$
BEGIN
    CREATE ROLE wizard_operator NOLOGIN NOINHERIT;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- a migration of another database on this server was faster
END
$$;
GRANT USAGE ON SCHEMA public TO wizard_operator;

-- It sees when sessions came to which stage, and neither whose they are nor what was typed.
GRANT SELECT (session_id, created_at) ON wizard_sessions TO wizard_operator;
GRANT SELECT (session_id, action_name, stage, created_at) ON wizard_actions TO wizard_operator;
CREATE POLICY operator ON wizard_sessions FOR SELECT TO wizard_operator
    USING (current_user = 'wizard_operator');
CREATE POLICY operator ON wizard_actions FOR SELECT TO wizard_operator
    USING (current_user = 'wizard_operator');

-- As whoever asks: a role that gets at the view still sees no more through it than it may.
CREATE VIEW wizard_stage_funnel WITH (security_invoker = true) AS
    WITH stages (position, stage) AS (
        VALUES
            (1, 'organizerSetup'), (2, 'eventSetup'), (3, 'venueSetup'),
            (4, 'ticketSetup'), (5, 'sponsorsMedia'), (6, 'reviewPublish')
    ),
    ways AS (
        SELECT
            session.session_id,
            stage.position,
            stage.stage,
            CASE WHEN stage.position = 1 THEN session.created_at ELSE
                min(action.created_at) FILTER (WHERE
                    action.action_name = 'publish_event'
                    OR action.action_name = 'complete_stage' AND target.position >= stage.position - 1
                    OR action.action_name = 'move_to_stage' AND target.position >= stage.position
                )
            END AS reached_at,
            min(action.created_at) FILTER (WHERE
                action.action_name = 'publish_event'
                OR stage.position < 6 AND (
                    action.action_name = 'complete_stage' AND target.position = stage.position
                    OR action.action_name = 'move_to_stage' AND target.position > stage.position
                )
            ) AS completed_at
        FROM wizard_sessions AS session
        CROSS JOIN stages AS stage
        LEFT JOIN wizard_actions AS action
            ON action.session_id = session.session_id
            AND action.action_name IN ('complete_stage', 'move_to_stage', 'publish_event')
        LEFT JOIN stages AS target ON target.stage = action.stage
        GROUP BY session.session_id, session.created_at, stage.position, stage.stage
    )
    SELECT
        position,
        stage,
        count(*) AS started,
        count(reached_at) AS reached,
        count(completed_at) AS completed,
        percentile_cont(0.5) WITHIN GROUP (
            ORDER BY greatest(extract(epoch FROM completed_at - reached_at), 0)::double precision
        ) FILTER (WHERE completed_at IS NOT NULL) AS median_seconds
    FROM ways
    GROUP BY position, stage
    ORDER BY position;

COMMENT ON COLUMN wizard_stage_funnel.started IS 'Sessions that were started, the same for every stage';
COMMENT ON COLUMN wizard_stage_funnel.reached IS 'Sessions that came to the stage, whatever became of them';
COMMENT ON COLUMN wizard_stage_funnel.completed IS
    'Sessions that went on from it for the first time; from the last one by publishing';
COMMENT ON COLUMN wizard_stage_funnel.median_seconds IS 'From reaching it to completing it';

REVOKE ALL ON wizard_stage_funnel FROM PUBLIC;
GRANT SELECT ON wizard_stage_funnel TO wizard_operator;
