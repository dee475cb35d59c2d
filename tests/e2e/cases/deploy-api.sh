#!/usr/bin/env bash
# The deploy API by its unmodified client for Node, by the calls of its other clients, by every kind of
# caller and as its page prints it, in a real cluster; with Helm 4, or with both (PILOTHOUSE_E2E_FULL=1).
source "$(dirname "$0")/../lib.sh"
need_clients DEPLOY_NODE deploy-node
open_releases
record_answers
table=$source_root/server/qovery/routes.cpp

more_people() {
    pilothouse user create bosun --json >/dev/null
    pilothouse user create ashore --json >/dev/null
    pilothouse member add fleet/charts bosun --role developer --json >/dev/null
    pilothouse member add fleet/charts ashore --role maintainer --json >/dev/null
    pilothouse cluster allow quay bosun --role developer --json >/dev/null
    BOSUN_TOKEN=$(new_token bosun) ASHORE_TOKEN=$(new_token ashore) LOOK_TOKEN=$(new_token skipper read_api)
    export BOSUN_TOKEN ASHORE_TOKEN LOOK_TOKEN
}

for helm in ${PILOTHOUSE_E2E_FULL:+3} 4; do
    serve_releases "$helm"
    export BASE=https://localhost:${base##*:}
    [ -n "${BOSUN_TOKEN:-}" ] || more_people
    NODE_PATH=$DEPLOY_NODE/node_modules node "$e2e/sdk/node/deploy.js"
    ANSWERS=$answers python3 "$e2e/deploy_calls.py"
    ANSWERS=$answers python3 "$e2e/two_doors.py"
    expect_documented
    python3 "$e2e/deploy_rights.py" "$table"
    stop_server
done
# Every route, in the good way and in the refused way.
expect_runs python3 "$e2e/routes_seen.py" "$server_log" "$table"
expect_runs python3 "$source_root/tests/docs/releases_tour.py" "$PILOTHOUSE" "$cluster" "$HELM4" \
    "$DEPLOY_NODE" docs/DEPLOY-API.md
