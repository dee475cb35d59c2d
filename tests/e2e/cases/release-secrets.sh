#!/usr/bin/env bash
# A value that is secret is nowhere to be found, whatever becomes of its operation: in no file of the
# data folder, no log, no metric, no list of processes, no error, no operation.
source "$(dirname "$0")/../lib.sh"
open_releases
secret=wax-$(openssl rand -hex 12)
printf 'password: %s\n' "$secret" >"$work/values.yaml"
encoded=$(printf %s "$secret" | base64)

install() { pilothouse release install quay "$CHANNEL/buoy@1.0.0" --name "$1" -n "$space" -f "$work/values.yaml" "${@:2}"; }

all_that_is_told() {
    local id
    for id in $(pilothouse operation list quay --json | python3 -c '
import json, sys
for o in json.load(sys.stdin): print(o["id"])'); do
        pilothouse operation show "$id" --json
        pilothouse operation events "$id" --json
    done
    pilothouse release list quay --json
    pilothouse audit list --json
}

# nowhere WHEN: looks everywhere. The texts are read from a file, to stand in no command line.
printf '%s\n%s\n' "$secret" "${encoded%%=*}" >"$work/planted"
nowhere() {
    local found
    found=$(grep -rlaF -f "$work/planted" "$data" "$server_log" "$said" || true)
    [ -z "$found" ] || fail "$1: the secret is in $found"
    found=$(grep -laF -f "$work/planted" /proc/[0-9]*/{cmdline,environ} 2>/dev/null || true)
    [ -z "$found" ] || fail "$1: the secret is in $found"
    request --header "PRIVATE-TOKEN: $admin_token" "$base/metrics"
    expect_equal "metrics" 200 "$status"
    all_that_is_told >"$output"
    ! grep -qaF -f "$work/planted" "$answer" "$output" || fail "$1: the secret is told"
}

# recorded NAME: whether Helm has a record of this release.
recorded() {
    kube "/api/v1/namespaces/$space/secrets/sh.helm.release.v1.$1.v1" --output "$work/record" 2>"$said"
}

said=$work/said
for helm in 3 4; do
    serve_releases "$helm"
    space=secrets-$helm
    [ -n "${admin_token:-}" ] || {
        pilothouse user create root --admin --json >/dev/null
        admin_token=$(new_token root)
    }
    install good &>"$said"
    # In the cluster it is, of course.
    expect_runs kube "/api/v1/namespaces/$space/secrets/good-secret"
    expect_contains "$output" "$encoded"
    nowhere "after an install"
    pilothouse release update "quay/$space/good" -f "$work/values.yaml" --set colour=green &>"$said"
    nowhere "after an update"
    pilothouse release diff "quay/$space/good" --reset-values &>"$said"
    nowhere "after a comparison"
    pilothouse release rollback "quay/$space/good" 1 &>"$said"
    nowhere "after a rollback"
    for fault in refused pre-install render; do
        ! install "bad-$fault" --set fault=$fault &>"$said" || fail "$fault does not fail"
        nowhere "after a failure ($fault)"
    done
    # The text itself is what is wrong: the error has to do without it.
    ! install "schema" --set 'password=["'"x-$helm"'"]' &>"$said" || fail "that is no text"

    id=$(install slow --set fault=never-ready --detach 2>"$said")
    wait_until "it runs" recorded slow
    nowhere "while it runs"
    pilothouse operation cancel "$id" >/dev/null
    ! pilothouse operation watch "$id" &>"$said" || fail "it was not cancelled"
    nowhere "after it was cancelled"

    id=$(install killed --set fault=never-ready --timeout 3s --detach 2>"$said")
    wait_until "it runs" recorded killed
    kill_server
    serve_releases "$helm"
    ! pilothouse operation watch "$id" &>"$said" || fail "it was not killed"
    nowhere "after the server was killed"
    stop_server
done
