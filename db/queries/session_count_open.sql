SELECT count(*)
FROM (
  SELECT FROM wizard_sessions
  WHERE status = 'in_progress'
  LIMIT $1
) AS open
