-- name: erasure_erase
SELECT wizard_erase_session($1, $2, $3)

-- name: erasure_due
SELECT s.session_id, s.tenant
FROM wizard_sessions AS s
WHERE s.status <> 'in_progress'
  AND s.updated_at < now() - make_interval(secs => $1)
  AND s.session_id > $2
ORDER BY s.session_id
LIMIT $3

-- name: erasure_of_tenant
SELECT EXISTS (
    SELECT FROM erasures
    WHERE tenant_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex') AND session_id = $2
)

-- name: erasure_is_known
SELECT wizard_is_erased($1)
