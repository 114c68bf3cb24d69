SELECT s.session_id::text
FROM stripe_accounts AS a
JOIN wizard_sessions AS s ON s.tenant = a.tenant
WHERE a.account_id = $1 AND s.status = 'in_progress' AND s.session_id > $2
ORDER BY s.session_id
LIMIT $3
