#!/usr/bin/env bash
# Releases by the command line, with both Helms: made, changed, compared, rolled back, cancelled,
# removed; how failures read; and what somebody does with Helm by hand.
source "$(dirname "$0")/../lib.sh"
open_releases

release() { pilothouse release "$@"; }
operation() { pilothouse operation "$@"; }

# exits STATUS COMMAND…: what it prints is in $output, what it says beside that in $said.
said=$work/said
exits() {
    local wanted=$1 status=0
    "${@:2}" >"$output" 2>"$said" || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status, wanted $wanted: ${*:2}: $(tail -n 20 "$said" "$output")"
}

# shown REFERENCE KEY…: of the release, as JSON.
shown() { release show "$1" --json | json "${@:2}"; }
of_chart() { kube "/api/v1/namespaces/$space/configmaps/$1-chart" | json data "$2"; }
helm_knows() { kube "/api/v1/namespaces/$space/secrets/sh.helm.release.v1.$1.v1" &>"$output"; }
# on_terminal COMMAND…: prints what a terminal is shown.
on_terminal() {
    python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@" </dev/null
}
not_there() { ! kube "$1" >"$output" 2>&1 && expect_contains "$output" '"code": 404'; }

life() {
    local boat=quay/$space/boat
    cat >"$work/values.yaml" <<'YAML'
password: sealed-with-wax
settings: {crew: [anne, mary]}
YAML
    exits 0 release install quay "$CHANNEL/buoy@1.0.0" --name boat -n "$space" -f "$work/values.yaml" \
        --set colour=green --set 'settings.crew[1]=jack'
    expect_contains "$output" "install of $space/boat is done"
    expect_equal status deployed "$(shown "$boat" status)"
    expect_equal version 1.0.0 "$(shown "$boat" source version)"
    expect_equal colour green "$(of_chart boat colour)"
    expect_equal settings '{"crew":["anne","jack"]}' "$(of_chart boat settings)"
    expect_runs release values "$boat"
    expect_contains "$output" sealed-with-wax
    release values "$boat" --json >"$output"
    expect_equal "a value as JSON" green "$(json colour <"$output")"
    exits 1 release install quay "$CHANNEL/buoy@1.0.0" --name boat -n "$space"
    exits 1 release install quay "$CHANNEL/buoy@1.0.0" --name other -n "$space" --set colour=mauve
    expect_contains "$said" colour

    # What an update would change; nothing of Secrets.
    sed -i s/wax/tar/ "$work/values.yaml"
    expect_runs release diff "$boat" "$CHANNEL/buoy@1.1.0" -f "$work/values.yaml" --set colour=white
    expect_contains "$output" "boat-chart"
    expect_contains "$output" white
    expect_contains "$output" boat-secret
    expect_lacks "$output" sealed-with
    expect_lacks "$output" "$(printf sealed-with-wax | base64)"
    expect_equal "what changes" '["changed"]' "$(release diff "$boat" --set fault=never-ready \
        -f "$work/values.yaml" --set colour=green --json | python3 -c '
import json, sys
print(json.dumps(sorted({d["change"] for d in json.load(sys.stdin)
                         if d["kind"] != "Secret" and d["name"] != "boat-chart"})))')"
    expect_equal revision 1 "$(shown "$boat" revision)"

    exits 0 release update "$boat" "$CHANNEL/buoy@1.1.0" -f "$work/values.yaml" --set colour=white
    expect_equal colour white "$(of_chart boat colour)"
    expect_equal version 1.1.0 "$(shown "$boat" source version)"
    exits 0 release update "$boat" --set colour=red
    expect_equal settings '{}' "$(of_chart boat settings)"
    exits 0 release update "$boat"
    expect_equal colour red "$(of_chart boat colour)"
    exits 1 release update "$boat" "$CHANNEL/hello@1.0.0"

    exits 0 release rollback "$boat" 1
    expect_equal colour green "$(of_chart boat colour)"
    expect_equal "version after the rollback" 1.0.0 "$(shown "$boat" source version)"
    expect_equal revision 5 "$(shown "$boat" revision)"
    expect_equal revisions 5 "$(release history "$boat" --json | python3 -c '
import json, sys; print(len(json.load(sys.stdin)))')"
    # What is updated now starts from the values of that revision.
    exits 0 release update "$boat"
    expect_equal colour green "$(of_chart boat colour)"

    exits 0 release list quay
    expect_contains "$output" boat
    exits 0 release uninstall "$boat" --yes
    exits 1 release show "$boat"
    wait_until "the objects are gone" not_there "/apis/apps/v1/namespaces/$space/deployments/boat-lamp"
}

failures() {
    local never=quay/$space/never id
    exits 3 release install quay "$CHANNEL/buoy@1.0.0" --name never -n "$space" \
        --set fault=never-ready --timeout 2s
    expect_contains "$said" "never-lamp" # what was not ready
    expect_equal status failed "$(shown "$never" status)"
    exits 0 release update "$never" --reset-values
    expect_equal status deployed "$(shown "$never" status)"

    # Helm 3 looks every two seconds; the time is that of going back, too.
    exits 3 release update "$never" --set fault=never-ready --timeout 5s --rollback-on-failure
    expect_equal "status after it was rolled back" deployed "$(shown "$never" status)"
    exits 0 release update "$never" --set fault=never-ready --no-wait
    exits 0 release uninstall "$never" --yes

    exits 3 release install quay "$CHANNEL/buoy@1.0.0" --name never -n "$space" \
        --set fault=pre-install --json
    id=$(json id <"$output")
    expect_equal "the error's code" '"wrong_state"' "$(operation show "$id" --json |
        python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["error"]["code"]))')"
    expect_runs operation events "$id"
    expect_contains "$output" finished
    expect_runs operation list quay
    expect_contains "$output" "$id"
    expect_runs operation list quay --release "$never"
    expect_contains "$output" "$id"
    exits 1 operation list quay --release "quay/$space/nobody"
    exits 0 release uninstall "$never" --yes
}

cancelled() {
    local id ended=0
    exits 0 release install quay "$CHANNEL/buoy@1.0.0" --name slow -n "$space" \
        --set fault=never-ready --detach
    id=$(<"$output")
    wait_until "it runs" helm_knows slow
    exits 1 release update "quay/$space/slow"
    expect_contains "$said" "conflicting operation \"$id\" detected"
    rm -f "$work/screen"
    on_terminal "$PILOTHOUSE" operation watch "$id" --data "$data" >"$work/screen" &
    wait_until "a terminal shows how it stands" \
        grep -sqF "install of $space/slow: running, watched for 0:" "$work/screen"
    expect_runs operation cancel "$id"
    wait $! || ended=$?
    expect_equal "the exit status on a terminal" 4 "$ended"
    exits 4 operation watch "$id"
    expect_equal status failed "$(shown "quay/$space/slow" status)"
    exits 0 release uninstall "quay/$space/slow" --yes
}

# What Helm did by hand is seen, and left alone.
by_hand() {
    local own=quay/$space/own
    expect_runs helm "$HELM_VERSION" install foreign "$e2e/charts/hello" -n "$space"
    expect_runs release list quay --foreign
    expect_contains "$output" foreign
    expect_runs release list quay --foreign -n elsewhere
    expect_lacks "$output" foreign
    expect_runs release list quay
    expect_lacks "$output" foreign
    exits 3 release install quay "$CHANNEL/hello@1.0.0" --name foreign -n "$space"
    expect_runs helm "$HELM_VERSION" status foreign -n "$space"
    expect_contains "$output" "STATUS: deployed"
    expect_contains "$output" "REVISION: 1"

    exits 0 release install quay "$CHANNEL/hello@1.0.0" --name own -n "$space"
    expect_runs helm "$HELM_VERSION" upgrade own "$e2e/charts/hello" -n "$space" --set greeting=Oi
    # shellcheck disable=SC2317 # wait_until calls it
    changed() { [ "$(shown "$own" changed_elsewhere)" = true ]; }
    wait_until "the change is seen" changed
    exits 0 release update "$own" --reset-values
    expect_equal greeting Ahoy "$(kube "/api/v1/namespaces/$space/configmaps/own-greeting" | json data everybody)"
    exits 0 release uninstall "$own" --yes
}

for helm in 3 4; do
    serve_releases "$helm" --releases-refresh '1 s'
    space=cli-$helm
    for part in life failures cancelled by_hand; do
        $part
        echo "Helm $helm: $part"
    done
    stop_server
done

# Without Helm everything else works.
start_releases_server "$work/nothing"
expect_refused pilothouse release install quay "$CHANNEL/hello@1.0.0" --name late -n default
expect_contains "$output" helm
expect_runs pilothouse release list quay
stop_server
