#!/usr/bin/env bash
# Many installations at once, three quarters of them into one cluster: all are done, in order, the
# clusters take turns; figures of memory and reads. PILOTHOUSE_INSTALLS of them (20).
source "$(dirname "$0")/../lib.sh"
open_releases
serve_releases 4
# The same API server under a second name is a second cluster.
pilothouse cluster add pier --kubeconfig "$certificate_kubeconfig" --shared --json >/dev/null
pilothouse cluster allow pier skipper --role developer --json >/dev/null
stop_server

binary=HELM${PILOTHOUSE_HELM:-4}
CLUSTERS="quay pier" DATA=$data SERVER_LOG=$server_log \
    "$source_root/bench/release_queue" "${PILOTHOUSE_INSTALLS:-20}" -- \
    "$PILOTHOUSE" serve --data "$data" --listen 127.0.0.1:0 --tls-certificate "$work/server.pem" \
    --tls-key "$work/server.key" --releases-helm "${!binary}" --releases-waiting-of-caller 1000 --log-format json
