#!/usr/bin/env bash
# What is told of releases beside their operations, with both Helms: what never gets ready is named;
# what somebody changes, removes or edits by hand is seen.
source "$(dirname "$0")/../lib.sh"
open_releases

release() { pilothouse release "$@"; }
shown() { release show "$1" --json | json "${@:2}"; }

never_ready() {
    local status=0 id
    release install quay "$CHANNEL/buoy@1.0.0" --name never -n "$space" --set fault=never-ready \
        --timeout 4s >"$output" 2>&1 || status=$?
    expect_equal "exit status" 3 $status
    expect_contains "$output" "Deployment $space/never-lamp: 0 of 1 ready"
    id=$(pilothouse operation list quay --limit 1 --json | python3 -c '
import json, sys; print(json.load(sys.stdin)[0]["id"])')
    pilothouse operation events "$id" --json >"$output"
    # It was made: no error.
    expect_lacks "$output" "namespaces \\\"$space\\\" not found"
    expect_contains "$output" "The namespace $space is not there: it is made."
    expect_equal "what was told of it" '["waiting", "not_ready"]' "$(python3 -c '
import json, sys
told = [e["what"] for e in json.load(sys.stdin) if "never-lamp: 0 of 1 ready" in e["text"]]
print(json.dumps([what for what in told if what in ("waiting", "not_ready")]))' <"$output")"
}

by_hand() {
    local own=quay/$space/own
    expect_runs release install quay "$CHANNEL/hello@1.0.0" --name own -n "$space" --dry-run
    expect_contains "$output" "added ConfigMap"
    expect_contains "$output" "everybody: "
    expect_refused release show "$own"
    expect_runs release install quay "$CHANNEL/hello@1.0.0" --name own -n "$space"
    expect_equal "changed elsewhere" false "$(shown "$own" changed_elsewhere)"

    # With kubectl, so to say.
    local greeting=/api/v1/namespaces/$space/configmaps/own-greeting
    expect_runs release drift "$own"
    expect_lacks "$output" own-greeting
    kube "$greeting" --request PATCH --header 'Content-Type: application/merge-patch+json' \
        --data '{"data": {"everybody": "Moin"}}' >/dev/null
    expect_runs release drift "$own"
    expect_contains "$output" "changed: data.everybody"
    expect_lacks "$output" Moin
    kube "$greeting" --request DELETE >/dev/null
    expect_equal drift '[["ConfigMap", "own-greeting", "missing"]]' "$(release drift "$own" --json |
        python3 -c '
import json, sys
print(json.dumps([[o["kind"], o["name"], o["state"]] for o in json.load(sys.stdin)]))')"

    expect_runs helm "$HELM_VERSION" upgrade own "$e2e/charts/hello" -n "$space" --set greeting=Oi
    # shellcheck disable=SC2317 # wait_until calls them
    changed() { [ "$(shown "$own" changed_elsewhere)" = true ]; }
    # shellcheck disable=SC2317
    gone() { ! release show "$own" >"$output" 2>&1 && expect_contains "$output" "no such release"; }
    wait_until "the change is seen" changed
    expect_equal revision 2 "$(shown "$own" revision)"
    expect_runs release drift "$own"
    expect_lacks "$output" own-greeting

    expect_runs helm "$HELM_VERSION" uninstall own -n "$space"
    wait_until "its end is seen" gone
    release list quay -n "$space" >"$output"
    expect_lacks "$output" own
}

for helm in 3 4; do
    serve_releases "$helm" --releases-refresh '1 s'
    space=refresh-$helm
    for part in never_ready by_hand; do
        $part
        echo "Helm $helm: $part"
    done
    stop_server
done
