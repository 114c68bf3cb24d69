-- name: account_of_tenant
-- $2 is the mode. An account of the mode comes before one whose mode is unknown.
SELECT a.account_id, a.generation, a.payments
FROM stripe_accounts AS a
WHERE a.tenant = $1 AND a.ended_at IS NULL AND coalesce(a.livemode, $2) = $2
ORDER BY a.livemode IS NULL, a.generation DESC
LIMIT 1

-- name: account_present
SELECT
    a.account_id,
    a.generation,
    a.payments,
    a.ended_at IS NULL AS is_current,
    max(a.generation) OVER () AS newest
FROM stripe_accounts AS a
WHERE a.tenant = $1 AND coalesce(a.livemode, $2) = $2
ORDER BY a.ended_at IS NOT NULL, a.livemode IS NULL, a.generation DESC
LIMIT 1

-- name: account_get
SELECT a.account_id, a.generation, a.payments FROM stripe_accounts AS a WHERE a.account_id = $1

-- name: account_last_status
SELECT a.payments
FROM stripe_accounts AS a
WHERE a.tenant = $1 AND coalesce(a.livemode, $2) = $2
ORDER BY a.livemode IS NULL, a.generation DESC
LIMIT 1

-- name: account_newest_generation
SELECT coalesce(max(a.generation), 0)
FROM stripe_accounts AS a
WHERE a.tenant = $1 AND coalesce(a.livemode, $2) = $2

-- name: account_lock_tenant
SELECT pg_advisory_xact_lock(hashtextextended('stripe_accounts ' || $1::text, 0))

-- name: account_insert_first
INSERT INTO stripe_accounts (tenant, account_id, livemode, generation) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant) DO NOTHING

-- name: account_insert_further
INSERT INTO further_stripe_accounts (tenant, account_id, livemode, generation)
VALUES ($1, $2, $3, $4)

-- name: account_supersede
-- Ends the accounts of the mode before $3, which their tenant has replaced.
UPDATE stripe_accounts
SET ended_at = now(), end_reason = 'replaced'
WHERE tenant = $1 AND livemode = $2 AND generation < $3 AND ended_at IS NULL

-- name: account_supersede_older
-- Ends the accounts of the mode that were fetched before another one of its current accounts.
UPDATE stripe_accounts AS older
SET ended_at = now(), end_reason = 'replaced'
WHERE older.tenant = $1
  AND older.livemode IS NOT DISTINCT FROM $2
  AND older.ended_at IS NULL
  AND EXISTS (
      SELECT
      FROM stripe_accounts AS newer
      WHERE newer.tenant = $1
        AND newer.livemode IS NOT DISTINCT FROM $2
        AND newer.ended_at IS NULL
        AND coalesce((newer.payments ->> 'checked_at')::timestamptz, 'infinity')
            > coalesce((older.payments ->> 'checked_at')::timestamptz, 'infinity')
  )

-- name: account_end
UPDATE stripe_accounts
SET ended_at = now(), end_reason = $3, payments = $4
WHERE tenant = $1 AND account_id = $2 AND ended_at IS NULL

-- name: account_note
-- What is newer wins, and an account that was ended keeps its last status.
UPDATE stripe_accounts
SET payments = $2, livemode = coalesce(livemode, $3)
WHERE account_id = $1
  AND ended_at IS NULL
  AND coalesce((payments ->> 'checked_at')::timestamptz, '-infinity') < $4

-- name: open_sessions_of_account
-- Newest first, and again from the newest if the session after which the page begins was erased.
SELECT s.session_id::text
FROM stripe_accounts AS a
JOIN wizard_sessions AS s ON s.tenant = a.tenant
WHERE a.account_id = $1
  AND s.status = 'in_progress'
  AND (s.created_at, s.session_id) < (
      coalesce(
          (SELECT last.created_at FROM wizard_sessions AS last WHERE last.session_id = $2),
          'infinity'
      ),
      $2::uuid
  )
ORDER BY s.created_at DESC, s.session_id DESC
LIMIT $3
