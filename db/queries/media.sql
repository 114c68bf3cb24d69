-- name: media_lock_tenant
-- Uploads of a tenant are added to its quota one after another.
SELECT pg_advisory_xact_lock(hashtextextended('media of ' || $1::text, 0))

-- name: media_lock_hash
-- Held while a picture is added, and while its files are deleted.
SELECT pg_advisory_xact_lock(hashtextextended('media ' || $1::text, 0))

-- name: media_used
-- The bytes of a tenant's pictures, except for one.
SELECT coalesce(sum(m.bytes), 0)::bigint FROM media AS m WHERE m.tenant = $1 AND m.hash <> $2

-- name: media_keep
INSERT INTO media (tenant, hash, bytes, width, height) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant, hash) DO UPDATE SET created_at = now()
