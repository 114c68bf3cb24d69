-- name: thread_add
INSERT INTO copilot_threads (thread_id, session_id, tenant, user_id, messages)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (thread_id) DO NOTHING
RETURNING updated_at

-- name: thread_lock
SELECT t.messages
FROM copilot_threads AS t
WHERE t.thread_id = $1 AND t.session_id = $2 AND t.tenant = $3 AND t.user_id = $4
FOR UPDATE

-- name: thread_kept
SELECT now()

-- name: thread_save
UPDATE copilot_threads AS t SET messages = $5, updated_at = now()
WHERE t.thread_id = $1 AND t.session_id = $2 AND t.tenant = $3 AND t.user_id = $4
RETURNING t.updated_at

-- name: thread_answer
-- Unless another run has begun since.
UPDATE copilot_threads AS t SET messages = $5
WHERE
    t.thread_id = $1 AND t.session_id = $2 AND t.tenant = $3 AND t.user_id = $4
    AND t.updated_at = $6

-- name: thread_prune
-- Keeps the newest of a person's threads of a session.
DELETE FROM copilot_threads AS t
WHERE t.thread_id IN (
    SELECT older.thread_id
    FROM copilot_threads AS older
    WHERE older.session_id = $1 AND older.tenant = $2 AND older.user_id = $3
    ORDER BY older.updated_at DESC, older.thread_id
    OFFSET $4
)

-- name: thread_get
SELECT t.messages
FROM copilot_threads AS t
WHERE t.tenant = $1 AND t.user_id = $2 AND t.session_id = $3 AND t.thread_id = $4

-- name: thread_exists
SELECT wizard_thread_exists($1)
