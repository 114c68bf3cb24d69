-- Gateway and worker wait for the migrations of their version: they may see the names of what is
-- applied, and change none of it.
GRANT SELECT (name) ON schema_migrations TO wizard_api, wizard_worker;

CREATE POLICY applied_migrations ON schema_migrations FOR SELECT TO wizard_api, wizard_worker
USING (true);
