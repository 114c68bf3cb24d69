SELECT a.account_id FROM stripe_accounts AS a WHERE a.tenant = $1
