-- Roles of the production database, once per cluster, by its administrator:
--   psql -v owner_password=… -v app_password=… -f deploy/roles.sql
-- iprof_owner owns the tables and runs the migrations; iprof is what web, worker and beat sign in with. Not owning the
-- tables, it can neither disable the triggers that keep traces append-only, nor TRUNCATE them, nor change a constraint.
CREATE ROLE iprof_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE iprof LOGIN PASSWORD :'app_password';
CREATE DATABASE iprof OWNER iprof_owner;
REVOKE ALL ON DATABASE iprof FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE iprof TO iprof;  -- a load stages its messages in a temporary table
\connect iprof
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO iprof_owner;
GRANT USAGE ON SCHEMA public TO iprof;
ALTER DEFAULT PRIVILEGES FOR ROLE iprof_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO iprof;
ALTER DEFAULT PRIVILEGES FOR ROLE iprof_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO iprof;
ALTER DEFAULT PRIVILEGES FOR ROLE iprof_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE iprof_owner IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO iprof;
