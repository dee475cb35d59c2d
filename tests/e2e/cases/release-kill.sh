#!/usr/bin/env bash
# The server is killed at random moments of its operations on releases: each one that was answered
# comes to a true end, nothing runs twice, nothing is left behind. PILOTHOUSE_KILLS of them (8), half
# with each Helm; PILOTHOUSE_SEED plays the same dice again.
source "$(dirname "$0")/../lib.sh"
open_releases
seed=${PILOTHOUSE_SEED:-$RANDOM}
kills=$((${PILOTHOUSE_KILLS:-8} / 2))
echo "seed $seed"
serve_releases 3
publish "$(pack logbook)"
stop_server

for helm in 3 4; do
    binary=HELM$helm
    python3 "$e2e/release_kill.py" "$kills" "$seed" "kill-$helm" "$data" "$server_log" -- \
        "$PILOTHOUSE" serve --data "$data" --listen 127.0.0.1:0 --tls-certificate "$work/server.pem" \
        --tls-key "$work/server.key" --releases-helm "${!binary}" --log-format json
    expect_equal "folders of runs that are left" "" "$(find "$data/runs" -type f)"
done
