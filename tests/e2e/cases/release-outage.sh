#!/usr/bin/env bash
# The cluster goes away in the midst of operations: its API server stops, freezes, takes the
# credentials no more. Every operation ends truly, and whoever reads is answered meanwhile.
source "$(dirname "$0")/../lib.sh"
open_releases

operation() { pilothouse operation "$@"; }
# begin WORDS…: an operation that is answered at once; its id.
begin() { pilothouse release "$@" --detach 2>>"$work/said"; }
install() { begin install quay "$CHANNEL/buoy@1.0.0" --name "$1" -n "$space" "${@:2}"; }
told() { operation show "$1" --json | json "${@:2}"; }
is_done() { [ "$(told "$1" "done")" = true ]; }
# ended ID: waits for its end, two minutes at most.
ended() {
    local deadline=$((SECONDS + 120))
    until is_done "$1"; do
        [ $SECONDS -lt $deadline ] || fail "no end of $(operation show "$1" --json) $(operation events "$1")"
        sleep 0.2
    done
}
# ends_with CODE ID: `null` is a good end.
ends_with() {
    ended "$2"
    expect_equal "the end of $(told "$2" description)" "$1" \
        "$(told "$2" error | python3 -c 'import json, sys; e = json.load(sys.stdin); print(e["code"] if e else "null")')"
}
status_of() { pilothouse release show "quay/$space/$1" --json | json status; }
record() { kube "/api/v1/namespaces/$space/secrets/sh.helm.release.v1.$1.v$2" | json metadata labels status; }
# shellcheck disable=SC2317 # wait_until calls it
recorded() { record "$@" >/dev/null 2>&1; }
# As Helm has it, so it is told.
truly() {
    expect_equal "$1 as it is told" "$3" "$(status_of "$1")"
    expect_equal "$1 as Helm has it" "$3" "$(record "$1" "$2")"
}
# Who reads need not wait for a cluster that is away.
reads_go_on() {
    local path
    for path in releases operations "operations/$1" "operations/$1/events"; do
        expect_status 200 --max-time 5 --header "PRIVATE-TOKEN: $TOKEN" "$api/clusters/quay/$path"
    done
    expect_status 200 --max-time 5 "$base/-/ready"
}

# What the parts start from, whichever came before.
boats() {
    local name
    for name in ketch sloop; do
        pilothouse release show "quay/$space/$name" &>/dev/null || ends_with null "$(install $name)"
    done
}
newest() { pilothouse release show "quay/$space/$1" --json | json revision; }

# The API server stops while Helm waits, and comes back.
stopped() {
    local id update
    id=$(install sloop --set fault=never-ready --timeout 12s)
    wait_until "it runs" recorded sloop 1
    control_plane stop-api
    reads_go_on "$id"
    update=$(install ketch)
    reads_go_on "$update"
    control_plane start-api
    ends_with null "$update"
    truly ketch 1 deployed
    ends_with timed_out "$id"
    truly sloop 1 failed

    # Away to the end of the wait, so that Helm cannot write down how it went.
    id=$(begin update "quay/$space/ketch" --set fault=never-ready --timeout 6s)
    wait_until "it runs" recorded ketch 2
    control_plane stop-api
    # shellcheck disable=SC2317 # wait_until calls it
    waits() { operation events "$id" | grep -q waiting; }
    wait_until "the server looks for the cluster" waits
    reads_go_on "$id"
    expect_equal "done without a cluster" false "$(told "$id" "done")"
    control_plane start-api
    ends_with unavailable "$id"
    truly ketch 3 deployed
    expect_equal "revision 2" failed "$(record ketch 2 | sed 's/pending-upgrade/failed/')"
    ends_with null "$(begin update "quay/$space/sloop" --reset-values)"
    truly sloop 2 deployed
}

# Frozen, it takes connections and says nothing.
frozen() {
    local id other ketch sloop
    boats
    ketch=$(($(newest ketch) + 1)) sloop=$(($(newest sloop) + 1))
    id=$(begin update "quay/$space/ketch" --set fault=never-ready --timeout 6s)
    other=$(begin update "quay/$space/sloop" --set fault=never-ready --timeout 60s)
    wait_until "it runs" recorded ketch $ketch
    wait_until "the other one runs" recorded sloop $sloop
    control_plane freeze-api
    operation cancel "$other" >/dev/null
    reads_go_on "$id"
    control_plane thaw-api
    ends_with timed_out "$id"
    ends_with cancelled "$other"
    truly ketch $ketch failed
    truly sloop $sloop failed
    ends_with null "$(begin update "quay/$space/sloop" --reset-values)"
    ends_with null "$(begin update "quay/$space/ketch" --reset-values)"
    expect_equal "ketch in the end" deployed "$(status_of ketch)"
    expect_equal "sloop in the end" deployed "$(status_of sloop)"
}

# The credentials are taken no more, until the cluster is told others.
revoked() {
    local id
    boats
    id=$(begin update "quay/$space/ketch" --set fault=never-ready --timeout 12s)
    # shellcheck disable=SC2317 # wait_until calls it
    waiting_for_it() { kube "/api/v1/namespaces/$space/secrets?labelSelector=name%3Dketch" | grep -q pending-upgrade; }
    wait_until "it runs" waiting_for_it
    control_plane revoke
    reads_go_on "$id"
    # Half done in the cluster, and nobody may look: it is not over.
    ended "$id"
    expect_contains <(operation show "$id") "credentials"
    expect_runs pilothouse cluster edit quay --kubeconfig "$kubeconfig"
    ends_with null "$(begin update "quay/$space/ketch" --reset-values)"
    expect_equal "ketch in the end" deployed "$(status_of ketch)"
    ends_with null "$(begin uninstall "quay/$space/ketch" --yes)"
    ends_with null "$(begin uninstall "quay/$space/sloop" --yes)"
    expect_equal "what is left of Helm's records" '[]' \
        "$(kube "/api/v1/namespaces/$space/secrets?labelSelector=owner%3Dhelm" | json items)"
}

# Another cluster says nothing at all: it keeps nobody else waiting.
silent() {
    local id path
    python3 "$e2e/silent_port.py" "$work/port" &
    helpers+=($!)
    wait_until "the port is named" test -s "$work/port"
    sed "s|server: .*|server: https://127.0.0.1:$(<"$work/port")|" "$certificate_kubeconfig" >"$work/fog.kubeconfig"
    expect_runs pilothouse cluster add fog --kubeconfig "$work/fog.kubeconfig" --shared
    expect_runs pilothouse cluster allow fog skipper --role developer
    id=$(begin install fog "$CHANNEL/hello@1.0.0" -n "$space")
    path=clusters/fog/releases/$(told "$id" release_id)
    for _ in 1 2 3 4; do
        curl --silent --output /dev/null --header "PRIVATE-TOKEN: $TOKEN" "$api/$path/history" &
        helpers+=($!)
    done
    ends_with null "$(install brig)"
    expect_status 200 --header "PRIVATE-TOKEN: $TOKEN" \
        "$api/clusters/quay/releases/$(pilothouse release show "quay/$space/brig" --json | json id)/history"
    ends_with null "$(begin uninstall "quay/$space/brig" --yes)"
    # Nor a server that is asked to end while it is asked about that cluster.
    stop_server
    serve_releases "$helm" --releases-cancel-grace 10s
    expect_equal "the silent cluster's operation" false "$(told "$id" "done")"
    expect_runs operation cancel "$id"
}

# All with both Helms would take two minutes more.
declare -A parts=([3]="stopped" [4]="silent frozen revoked")
[ -z "${PILOTHOUSE_E2E_FULL:-}" ] || parts=([3]="stopped frozen revoked" [4]="silent stopped frozen revoked")
for helm in 3 4; do
    space=outage-$helm
    serve_releases "$helm" --releases-cancel-grace 10s
    for part in ${parts[$helm]}; do
        began=$SECONDS
        $part
        echo "Helm $helm: $part, $((SECONDS - began)) s"
    done
    stop_server
done
