#!/bin/sh
# Creates Temporal's tables, or upgrades them to the version of this image; idempotent.
# ops/postgres/roles.sql has created the databases.
set -eu

schema() {
    database=$1
    versions=/etc/temporal/schema/postgresql/v12/$2/versioned
    temporal-sql-tool --db "$database" setup-schema -v 0.0
    temporal-sql-tool --db "$database" update-schema -d "$versions"
}

schema temporal temporal
schema temporal_visibility visibility
