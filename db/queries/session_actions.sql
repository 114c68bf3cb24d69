SELECT to_jsonb(a)
FROM wizard_actions AS a
WHERE a.session_id = $1 AND a.revision < $2
ORDER BY a.revision DESC
LIMIT $3
