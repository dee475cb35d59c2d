#!/usr/bin/env bash
# Commands from elsewhere do for every kind of caller what the HTTP API does for him, and no more.
source "$(dirname "$0")/../lib.sh"
# Callers with tokens that nobody has ask for every command: that is not what is tried here.
export PILOTHOUSE_WRONG_TOKENS_PER_ADDRESS=0 PILOTHOUSE_WRONG_TOKENS_PER_NAME=0
# Who may is told before anybody asks for helm.
export PILOTHOUSE_RELEASES_HELM=$work/none
start_server --log-level error
python3 "$e2e/remote_rights.py" "${base#http://}" "$PILOTHOUSE" "$data"
