-- name: account_of_tenant
SELECT a.account_id FROM stripe_accounts AS a WHERE a.tenant = $1

-- name: account_keep
INSERT INTO stripe_accounts (tenant, account_id) VALUES ($1, $2)
ON CONFLICT (tenant) DO NOTHING

-- name: open_sessions_of_account
SELECT s.session_id::text
FROM stripe_accounts AS a
JOIN wizard_sessions AS s ON s.tenant = a.tenant
WHERE a.account_id = $1 AND s.status = 'in_progress' AND s.session_id > $2
ORDER BY s.session_id
LIMIT $3
