#!/usr/bin/env bash
# Releases that are stopped, started again and restarted, with both Helms; a server that is killed in
# the middle of it; and charts that are to stay within their namespace.
source "$(dirname "$0")/../lib.sh"
open_releases

release() { pilothouse release "$@"; }
shown() { release show "$ferry" --json | json "$@"; }
apps() { kube "/apis/apps/v1/namespaces/$space/$1"; }
jobs() { kube "/apis/batch/v1/namespaces/$space/cronjobs/$1"; }
pods() { kube "/api/v1/namespaces/$space/pods?labelSelector=ferry%3D$1" | python3 -c '
import json, sys; print(len(json.load(sys.stdin)["items"]))'; }
# sizes: of the boat, the pier, the timetable's rest, and how many of their pods there are.
sizes() {
    echo "$(apps deployments/own-boat | json spec replicas)" \
        "$(apps statefulsets/own-pier | json spec replicas)" \
        "$(jobs own-timetable | json spec suspend)" \
        "$(pods own-boat) $(pods own-pier) $(pods own-gulls)"
}
noted() { "$@" | python3 -c '
import json, sys; print(json.load(sys.stdin)["metadata"].get("annotations", {}).get("pilothouse.stopped", ""))'; }

# exits STATUS COMMAND…
exits() {
    local wanted=$1 status=0
    "${@:2}" >"$output" 2>&1 || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status, wanted $wanted: ${*:2}: $(tail -n 20 "$output")"
}

there_and_back() {
    local nodes operation
    expect_runs release install quay "$CHANNEL/ferry@1.0.0" --name own -n "$space"
    nodes=$(pods own-gulls)
    expect_equal sizes "2 1 false 2 1 $nodes" "$(sizes)"
    expect_equal stopped false "$(shown stopped)"

    expect_status 202 --request POST --header "PRIVATE-TOKEN: $TOKEN" --data '' "$(rest)/stop"
    expect_equal kind stop "$(json kind <"$answer")"
    operation=$(json id <"$answer")
    expect_runs pilothouse operation watch "$operation"
    expect_contains "$output" "Deployment $space/own-boat"
    expect_equal sizes "0 0 true 0 0 0" "$(sizes)"
    expect_equal "what is remembered" '{"replicas":2}' "$(noted apps deployments/own-boat)"
    expect_equal stopped true "$(shown stopped)"
    expect_equal status deployed "$(shown status)"
    expect_equal revision 1 "$(shown revision)"
    expect_runs release show "$ferry"
    expect_contains "$output" "deployed, stopped"

    # Once more is the same; a restart is none.
    expect_runs release stop "$ferry"
    expect_equal "what is remembered" '{"replicas":2}' "$(noted apps deployments/own-boat)"
    exits 1 release restart "$ferry"
    expect_contains "$output" "the release is stopped"

    # An update starts it, whatever size is wanted now.
    expect_runs release update "$ferry" --set crew=3
    expect_equal sizes "3 1 false 3 1 $nodes" "$(sizes)"
    expect_equal "what is remembered" "" "$(noted apps deployments/own-boat)"
    expect_equal stopped false "$(shown stopped)"
    expect_runs release drift "$ferry"
    expect_contains "$output" "All objects are as the chart wrote them."

    # So does a rollback.
    expect_runs release stop "$ferry" --no-wait
    expect_runs release rollback "$ferry" 1
    expect_equal sizes "2 1 false 2 1 $nodes" "$(sizes)"
}

new_pods() {
    local before
    before=$(kube "/api/v1/namespaces/$space/pods/own-pier-0" | json metadata uid)
    expect_runs release restart "$ferry"
    [ "$before" != "$(kube "/api/v1/namespaces/$space/pods/own-pier-0" | json metadata uid)" ] ||
        fail "the pier has its old pod"
    expect_equal "restarted by" "$(pilothouse operation list quay --limit 1 --json | json 0 id)" \
        "$(apps daemonsets/own-gulls | json spec template metadata annotations pilothouse.restarted)"
    # Helm is not in its way, and goes on.
    expect_runs release update "$ferry" --set colour=white
    expect_equal stopped false "$(shown stopped)"
}

let_go() {
    local pod
    for pod in $(kube "/api/v1/namespaces/$space/pods" | python3 -c '
import json, sys
for pod in json.load(sys.stdin)["items"]:
    if pod["metadata"].get("deletionTimestamp"): print(pod["metadata"]["name"])'); do
        kube "/api/v1/namespaces/$space/pods/$pod" --request PATCH --data '{"metadata": {"finalizers": null}}' \
            --header 'Content-Type: application/merge-patch+json' >/dev/null
    done
}

killed() {
    local operation
    expect_runs release update "$ferry" --set clinging=true --no-wait
    wait_until "the pods hold on" holding
    exits 3 release stop "$ferry" --timeout 1s
    expect_contains "$output" "not stopped within 1 seconds"
    expect_contains "$output" "Deployment $space/own-boat has "
    expect_equal stopped true "$(shown stopped)"

    operation=$(release stop "$ferry" --detach --json | json id)
    # shellcheck disable=SC2317 # wait_until calls it
    waits() { pilothouse operation events "$operation" --json | grep -q '"waiting"'; }
    wait_until "the stop waits for pods" waits
    kill_server
    start_releases_server "${!binary}"
    let_go
    expect_runs pilothouse operation watch "$operation"
    expect_equal "pods" "0 0 0" "$(pods own-boat) $(pods own-pier) $(pods own-gulls)"
    expect_equal "what is remembered" '{"replicas":2}' "$(noted apps deployments/own-boat)"
    expect_runs release uninstall "$ferry" --yes
}
# shellcheck disable=SC2317 # wait_until calls it
holding() {
    let_go
    [ "$(kube "/api/v1/namespaces/$space/pods" | grep -c fleet.invalid/rope)" -ge 3 ] &&
        [ "$(apps deployments/own-boat | json status readyReplicas)" = 2 ]
}

within() {
    local what
    for what in everywhere=true elsewhere=default; do
        exits 3 release install quay "$CHANNEL/ferry@1.0.0" --name "wide-${what%=*}" -n "$space" --namespaced-only --set $what
        expect_contains "$output" "the release is to stay within the namespace $space"
    done
    expect_contains "$output" "ConfigMap default/wide-elsewhere-chart (in another namespace)"
    exits 3 release install quay "$CHANNEL/beacon@1.0.0" --name bright -n "$space" --namespaced-only
    expect_contains "$output" "crds/"
    # Nothing of them was applied, and nothing recorded.
    expect_equal Deployments "[]" "$(apps deployments | json items)"
    expect_equal "what Helm knows" "[]" "$(kube "/api/v1/namespaces/$space/secrets?labelSelector=owner%3Dhelm" | json items)"
    expect_runs release install quay "$CHANNEL/ferry@1.0.0" --name narrow -n "$space" --namespaced-only --no-wait
    exits 3 release update "quay/$space/narrow" --namespaced-only --set everywhere=true
    expect_contains "$output" "ClusterRole narrow-pilot (of the whole cluster)"
    expect_equal status deployed "$(release show "quay/$space/narrow" --json | json status)"
    expect_runs release uninstall "quay/$space/narrow" --yes
}

rest() { echo "$api/clusters/quay/releases/$(shown id)"; }

for helm in 4 3; do
    serve_releases "$helm"
    binary=HELM$helm
    [ "$helm" = 3 ] || publish "$(pack ferry)"
    space=stop-$helm ferry=quay/stop-$helm/own
    for part in there_and_back new_pods killed within; do
        $part
        echo "Helm $helm: $part"
    done
    stop_server
done
