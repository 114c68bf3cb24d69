SELECT to_jsonb(e) FROM wizard_public_event($1) AS e
