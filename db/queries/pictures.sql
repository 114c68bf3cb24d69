-- name: pictures_forget_unused
SELECT wizard_forget_unused_pictures($1, $2)

-- name: pictures_deletions
SELECT d.hash, d.width FROM media_deletions AS d ORDER BY d.created_at, d.hash LIMIT $1

-- name: pictures_is_kept
-- By any tenant.
SELECT EXISTS (SELECT FROM media AS m WHERE m.hash = $1)

-- name: pictures_complete_deletion
DELETE FROM media_deletions AS d WHERE d.hash = $1 AND d.width = $2
