#!/bin/sh
# For compose.yaml: the database of the register and its owner, who is no superuser; run once, when the volume is new.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$TIAOJIE_DATABASE_PASSWORD" --username="${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE tiaojie LOGIN PASSWORD :'password';
CREATE DATABASE tiaojie OWNER tiaojie ENCODING 'UTF8' TEMPLATE template0;
SQL
