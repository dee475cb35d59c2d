#!/usr/bin/env bash
# The administration API does for every kind of caller what the documentation says, and no more.
source "$(dirname "$0")/../lib.sh"
start_server --log-level error
python3 "$e2e/rest_rights.py" "${base#http://}" "$PILOTHOUSE" "$data" \
    "$source_root/server/gitlab/administration_routes.cpp" \
    "$source_root/server/gitlab/channel_routes.cpp"
