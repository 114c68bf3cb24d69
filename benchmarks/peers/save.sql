-- The earlier design: a function of the database merges the patch.
CREATE TABLE sessions (
    session_id uuid PRIMARY KEY,
    stages jsonb NOT NULL DEFAULT '{}',
    revision integer NOT NULL DEFAULT 0
);

CREATE FUNCTION save_stage(session uuid, stage text, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    saved jsonb;
BEGIN
    UPDATE sessions
    SET stages = jsonb_set(stages, ARRAY[stage], coalesce(stages -> stage, '{}') || patch),
        revision = revision + 1
    WHERE session_id = session
    RETURNING jsonb_build_object('session_id', session_id, 'stages', stages, 'revision', revision)
    INTO saved;
    RETURN saved;
END
$$;
