INSERT INTO stripe_accounts (tenant, account_id) VALUES ($1, $2)
ON CONFLICT (tenant) DO NOTHING
