SELECT s.current_stage, s.status, count(*) AS sessions
FROM wizard_sessions AS s
GROUP BY s.current_stage, s.status
