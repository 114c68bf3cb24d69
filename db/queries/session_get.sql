SELECT to_jsonb(s) FROM wizard_sessions AS s WHERE s.session_id = $1
