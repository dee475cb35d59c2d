#!/usr/bin/env bash
# Commands from elsewhere do for every kind of caller what the HTTP API does for him, and no more.
source "$(dirname "$0")/../lib.sh"
start_server --log-level error
python3 "$e2e/remote_rights.py" "${base#http://}" "$PILOTHOUSE" "$data"
