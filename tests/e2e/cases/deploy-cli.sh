#!/usr/bin/env bash
# Services by the command line, over a real cluster: configured, deployed, changed, compared, seen to
# fail, uninstalled, removed; and who may do what.
source "$(dirname "$0")/../lib.sh"
open_releases

service() { pilothouse service "$@"; }
environment() { pilothouse environment "$@"; }

# exits STATUS COMMAND…: what it prints is in $output, what it says beside that in $said.
said=$work/said
exits() {
    local wanted=$1 status=0
    "${@:2}" >"$output" 2>"$said" || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status, wanted $wanted: ${*:2}: $(tail -n 20 "$said" "$output")"
}

space=deploy-cli
home=fleet/charts/staging
boat=$home/boat
state() { service status "${1:-$boat}" --json | json state; }
freshness() { service status "$boat" --json | json service_deployment_status; }
of_chart() { kube "/api/v1/namespaces/$space/configmaps/boat-chart" | json data "$1"; }
not_there() { ! kube "$1" >"$output" 2>&1 && expect_contains "$output" '"code": 404'; }

serve_releases 4

# What is configured is there without a server, too.
stop_server
exits 0 environment add staging --project fleet/charts --cluster quay -n "$space" --mode staging
exits 1 environment add staging --project fleet/charts --cluster quay -n elsewhere
exits 1 environment add other --project fleet/charts --cluster quay -n "$space"
exits 1 environment add other --project fleet/charts --cluster nowhere
printf 'password: sealed-with-wax\nsettings: {crew: [anne, mary]}\n' >"$work/values.yaml"
exits 0 service add "$home" --name boat --repository "$CHANNEL" --chart buoy --version 1.0.0 \
    -f "$work/values.yaml" --set colour=green --set-json 'settings.crew[1]="jack"' --argument=--wait \
    --timeout 60
exits 1 service add "$home" --name boat --repository "$CHANNEL" --chart buoy --version 1.0.0
exits 1 service add "$home" --name late --repository "$CHANNEL" --chart buoy --version 9.0.0
expect_contains "$said" 9.0.0
exits 1 service add "$home" --name late --repository fleet/charts/none --chart buoy --version 1.0.0
exits 1 service add "$home" --name late --repository "$CHANNEL" --chart buoy --version 1.0.0 --argument=--post-renderer=/bin/sh
expect_contains "$said" post-renderer
expect_equal "before anything was deployed" NEVER_DEPLOYED "$(freshness)"
exits 1 service deploy "$boat"
expect_contains "$said" "no server runs"
serve_releases 4

exits 0 service deploy "$boat" --watch
expect_contains "$output" "install of $space/boat is done"
expect_equal state DEPLOYED "$(state)"
expect_equal freshness UP_TO_DATE "$(freshness)"
expect_equal colour green "$(of_chart colour)"
expect_equal settings '{"crew":["anne","jack"]}' "$(of_chart settings)"

# Changed by a flag; nothing happens in the cluster until it is asked for.
exits 0 service edit "$boat" --set colour=white
expect_equal freshness OUT_OF_DATE "$(freshness)"
exits 0 service diff "$boat" --version 1.1.0
expect_contains "$output" "boat-chart"
expect_contains "$output" white
expect_lacks "$output" sealed-with
run=$(service history "$boat" --limit 1 --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
cp "$output" "$work/difference"
exits 0 service diff "$boat" --deployment "$run"
expect_same "what the dry run found" "$work/difference" "$output"
expect_equal "colour before it is deployed" green "$(of_chart colour)"
exits 1 service deploy "$boat" --version 9.0.0 --watch
exits 0 service deploy "$boat" --version 1.1.0 --watch --json
expect_equal state '"DEPLOYED"' "$(python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["state"]))' <"$output")"
expect_equal colour white "$(of_chart colour)"
expect_equal freshness UP_TO_DATE "$(freshness)"

# What is shown can be sent again, and means the same; a file of one's own as well.
service show "$boat" --json >"$work/boat.json"
exits 0 service edit "$boat" "$work/boat.json"
expect_equal "freshness, sent as it was" UP_TO_DATE "$(freshness)"
exits 0 service add "$home" - --name second <<YAML
source: {helm_repository: {repository: $CHANNEL, chart_name: hello, chart_version: ">=1"}}
YAML
exits 0 environment deploy "$home" --watch
expect_equal "the other one" DEPLOYED "$(state "$home/second")"
expect_runs environment status "$home"
expect_contains "$output" second

# One that fails: why is told, and the exit status tells it.
exits 0 service edit "$boat" --set fault=never-ready --timeout 3
exits 3 service deploy "$boat" --watch
expect_equal "state of what failed" DEPLOYMENT_ERROR "$(state)"
expect_runs service status "$boat"
expect_contains "$output" boat-lamp

# One that is cancelled, while nothing else is begun.
exits 0 service edit "$boat" --timeout 10m
exits 0 service deploy "$boat"
exits 1 service deploy "$boat"
exits 1 service edit "$boat" --set colour=blue
exits 1 environment uninstall "$home" --yes
# shellcheck disable=SC2317 # wait_until calls it
runs() { [ "$(state)" = DEPLOYING ]; }
wait_until "it runs" runs
exits 0 service cancel "$boat" --watch
expect_equal "state of what was cancelled" CANCELED "$(state)"
exits 1 service cancel "$boat"

# From elsewhere, each as far as he may.
remote() { "$PILOTHOUSE" "${@:2}" --server "$base" --token "$1" --ca-file "$work/authority.pem"; }
exits 0 remote "$READER_TOKEN" service status "$boat"
expect_contains "$output" CANCELED
exits 0 remote "$READER_TOKEN" service show "$boat" --json
expect_lacks "$output" sealed-with
exits 1 remote "$READER_TOKEN" service deploy "$boat"
exits 1 remote "$STRANGER_TOKEN" service status "$boat"
exits 0 remote "$TOKEN" service edit "$boat" --reset-values --set colour=red
exits 0 remote "$TOKEN" service deploy "$boat" --watch
expect_equal colour red "$(of_chart colour)"

# Uninstalled it stays configured; removed it is gone, and then the environment can go.
exits 0 service uninstall "$boat" --yes --watch
expect_equal "state when it is uninstalled" DELETED "$(state)"
wait_until "the objects are gone" not_there "/apis/apps/v1/namespaces/$space/deployments/boat-lamp"
exits 0 service uninstall "$boat" --yes
expect_contains "$output" "nothing is installed"
exits 1 environment remove "$home" --yes
exits 0 service deploy "$boat" --watch
expect_equal "colour, installed again" red "$(of_chart colour)"
exits 0 service remove "$boat" --leave-release --yes
expect_runs helm 4 status boat -n "$space"
exits 1 service show "$boat"
exits 0 service remove "$home/second" --yes --watch
expect_contains "$output" "uninstall of $space/second is done"
expect_refused helm 4 status second -n "$space"
exits 0 environment remove "$home" --yes
exits 1 environment show "$home"
stop_server
