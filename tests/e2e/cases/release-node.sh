#!/usr/bin/env bash
# Releases by the unmodified Node SDK, with Helm 4, or with both (PILOTHOUSE_E2E_FULL=1).
source "$(dirname "$0")/../lib.sh"
need_clients SDK_NODE sdk-node
open_releases
# What an SDK sees is the same with both.
for helm in ${PILOTHOUSE_E2E_FULL:+3} 4; do
    serve_releases "$helm" --releases-timeout '6 s'
    NODE_PATH=$SDK_NODE/node_modules node "$e2e/sdk/node/walk.js"
    stop_server
done
