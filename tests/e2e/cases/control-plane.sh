#!/usr/bin/env bash
# The cluster that other scripts install into does what they rely on, also when it is made to fail.
source "$(dirname "$0")/../lib.sh"
open_cluster

# as KUBECONFIG HELM ARGS…: that Helm with these credentials.
as() { kubeconfig=$1 helm "${@:2}"; }
processes() { pgrep --full --count -- "$1/" || true; }
expect_equal "parts that run" 5 "$(processes "$cluster")"

for helm in 3 4; do
    expect_runs helm $helm install "hello$helm" "$e2e/charts/hello" --wait
    expect_contains "$output" "STATUS: deployed"
    expect_runs kube "/api/v1/namespaces/default/configmaps/hello$helm-greeting"
    expect_runs as "$certificate_kubeconfig" $helm get manifest "hello$helm"
    expect_runs as "$weak_kubeconfig" $helm upgrade "hello$helm" "$e2e/charts/hello"
    expect_refused as "$stranger_kubeconfig" $helm upgrade "hello$helm" "$e2e/charts/hello"
    expect_contains "$output" 'is forbidden: User "stranger"'
done

control_plane stop-api
expect_refused helm 4 list
expect_contains "$output" "connection refused"
control_plane start-api
expect_runs helm 4 list
expect_contains "$output" hello3

control_plane freeze-api
expect_refused kube /readyz --max-time 1
control_plane thaw-api
wait_until "the API server says something again" kube /readyz --output "$output"

control_plane revoke
expect_refused as "$cluster/revoked.kubeconfig" 4 list
expect_contains "$output" "asked for the client to provide credentials"
expect_runs helm 4 list

# What was stopped goes on where it was, and ends with the process that it was given.
control_plane stop
expect_equal "parts that run" 0 "$(processes "$cluster")"
sleep 600 &
keeper=$!
helpers+=("$keeper")
control_plane start "$keeper"
expect_runs helm 4 list
expect_contains "$output" hello4
kill "$keeper"
all_ended() { [ "$(processes "$cluster")" = 0 ]; }
wait_until "the cluster ends with its keeper" all_ended
