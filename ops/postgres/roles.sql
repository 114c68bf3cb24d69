-- Runs once, as superuser, when the data directory is created. It creates roles and databases only;
-- migrations create tables, grants and policies. Passwords come from the environment and are not shown.
\getenv owner_password WIZARD_OWNER_PASSWORD
\getenv api_password WIZARD_API_PASSWORD
\getenv worker_password WIZARD_WORKER_PASSWORD
\getenv temporal_password TEMPORAL_DATABASE_PASSWORD

CREATE ROLE wizard_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE wizard_api LOGIN NOINHERIT PASSWORD :'api_password';
CREATE ROLE wizard_worker LOGIN NOINHERIT PASSWORD :'worker_password';
GRANT wizard_api, wizard_worker TO wizard_owner WITH ADMIN OPTION;
CREATE DATABASE wizard OWNER wizard_owner;

CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;

-- By default, every role may connect to a new database.
REVOKE ALL ON DATABASE wizard, temporal, temporal_visibility FROM PUBLIC;
GRANT CONNECT ON DATABASE wizard TO wizard_api, wizard_worker;
