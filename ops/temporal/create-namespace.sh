#!/bin/sh
# Creates the namespace if it does not exist. Operators can read the history of a closed session
# for as long as the namespace's retention.
set -eu

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
