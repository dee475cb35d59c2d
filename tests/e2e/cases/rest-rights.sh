#!/usr/bin/env bash
# The administration API does for every kind of caller what the documentation says, and no more.
source "$(dirname "$0")/../lib.sh"
# Callers with tokens that nobody has ask for every route: that is not what is tried here.
export PILOTHOUSE_WRONG_TOKENS_PER_ADDRESS=0 PILOTHOUSE_WRONG_TOKENS_PER_NAME=0
# Who may is told before anybody asks for helm.
export PILOTHOUSE_RELEASES_HELM=$work/none
start_server --log-level error
python3 "$e2e/rest_rights.py" "${base#http://}" "$PILOTHOUSE" "$data" \
    "$source_root/server/gitlab/administration_routes.cpp" \
    "$source_root/server/gitlab/channel_routes.cpp" \
    "$source_root/server/gitlab/release_routes.cpp" \
    "$source_root/server/gitlab/webhook_routes.cpp"
