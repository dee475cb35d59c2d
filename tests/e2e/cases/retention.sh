#!/usr/bin/env bash
# Retention rules are shown dry, done on demand, and done by the server by itself; so is the rest
# of its housekeeping.
source "$(dirname "$0")/../lib.sh"
open_house public
for version in 1.0.0 1.1.0 1.2.0 2.0.0 2.1.0-rc.1; do publish "$(pack hello $version)"; done
versions() { pilothouse chart list fleet/charts stable --json | python3 -c '
import json, sys
print(*(v["version"] for v in json.load(sys.stdin)))'; }

pilothouse channel retain fleet/charts stable --json >"$output"
expect_equal "what goes without a rule" '{"removed":[], "protected":[]}' "$(tr -d '\n' <"$output")"
pilothouse channel edit fleet/charts stable --keep-newest-of-major 1 --keep-matching '1.0.x' \
    >/dev/null
pilothouse channel retain fleet/charts stable --dry-run >"$output"
expect_equal "what would go" "would remove hello 1.1.0: beyond the newest release of 1.x" \
    "$(cat "$output")"
expect_equal "what is there" "2.1.0-rc.1 2.0.0 1.2.0 1.1.0 1.0.0" "$(versions)"
pilothouse channel retain fleet/charts stable >/dev/null
expect_equal "what stays" "2.1.0-rc.1 2.0.0 1.2.0 1.0.0" "$(versions)"
expect_status 404 "$repo/charts/hello-1.1.0.tgz"

stop_server
start_server --retention-every '200 ms' --gc-every '200 ms' --audit-keep '200 ms'
repo=$api/projects/$project/packages/helm/stable
pilothouse channel edit fleet/charts stable --keep-prereleases 0 --keep-matching none >/dev/null
tidied() { [ "$(versions)" = "2.0.0 1.2.0" ]; }
wait_until "the server tidies the channel" tidied
fetch_index "$work/index"
expect_lacks "$work/index" "2.1.0-rc.1"
collected() { grep -q garbage_collected "$server_log"; }
wait_until 'the server collects garbage' collected
expect_contains "$server_log" channels_tidied
forgotten() { grep -q audit_events_forgotten "$server_log"; }
wait_until 'the server forgets old audit events' forgotten
