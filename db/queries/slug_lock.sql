-- Held until the transaction ends; 7005 keeps these locks apart from others.
SELECT pg_advisory_xact_lock(7005, hashtext($1))
