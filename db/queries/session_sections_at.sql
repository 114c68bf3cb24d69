-- Each section as the newest action up to the revision left it. An action holds whole the sections
-- that it wrote. No row where the session never had the revision, nor while the audit trail lacks
-- an action before it: what is missing may have written any section.
SELECT jsonb_object_agg(section.name, coalesce(newest.data, '{}'))
FROM unnest($3::text[]) AS section (name)
LEFT JOIN LATERAL (
    SELECT a.payload -> section.name AS data
    FROM wizard_actions AS a
    WHERE a.session_id = $1 AND a.revision <= $2 AND a.payload ? section.name
    ORDER BY a.revision DESC
    LIMIT 1
) AS newest ON true
WHERE
    EXISTS (SELECT FROM wizard_sessions AS s WHERE s.session_id = $1)
    AND $2::bigint = (
        SELECT count(*) FROM wizard_actions AS a WHERE a.session_id = $1 AND a.revision <= $2
    )
HAVING count(*) > 0
