#!/bin/sh
# Run once by the database image on an empty volume.
set -eu
psql -v ON_ERROR_STOP=1 -v owner_password="$IPROF_OWNER_PASSWORD" -v app_password="$IPROF_PASSWORD" \
    --username "$POSTGRES_USER" --dbname postgres --file /roles.sql
