#!/usr/bin/env bash
# Clusters are registered, looked at, changed and removed; what a kubeconfig must not hold is refused.
source "$(dirname "$0")/../lib.sh"
open_releases
serve_releases 4

cluster() { pilothouse cluster "$@"; }
expect_status_of() {
    local expected=$1 status=0
    "${@:2}" >"$output" 2>&1 || status=$?
    expect_equal "the exit status of ${*:2}" "$expected" "$status"
}

expect_runs cluster list
expect_contains "$output" quay
expect_contains "$output" shared
expect_runs cluster check quay
expect_contains "$output" "Kubernetes v1.33"
expect_contains "$output" "as admin"
expect_contains "$output" "is missing"
expect_status_of 5 cluster check weak
expect_contains "$output" deployments
expect_status_of 5 cluster check weak --json
expect_contains "$output" '"missing_rights":[{'
expect_runs cluster add paper --kubeconfig "$certificate_kubeconfig" --group fleet
expect_runs cluster check paper
expect_contains "$output" "as certified"
expect_runs cluster add stranger --kubeconfig "$stranger_kubeconfig" --project fleet/charts
expect_status_of 5 cluster check stranger
expect_contains "$output" secrets

# refused_with WORDS EXPRESSION: of a kubeconfig that sed has changed so.
refused_with() {
    sed -E "$2" "$kubeconfig" >"$work/odd.kubeconfig"
    expect_refused cluster add odd --kubeconfig "$work/odd.kubeconfig" --shared
    expect_contains "$output" "$1"
}
refused_with exec 's/user: \{.*/user: {exec: {command: touch, args: [\/tmp\/x], apiVersion: client.authentication.k8s.io\/v1}}/'
refused_with auth-provider 's/user: \{.*/user: {auth-provider: {name: oidc}}/'
refused_with tokenFile 's/user: \{.*/user: {tokenFile: \/etc\/passwd}/'
refused_with certificate-authority 's/certificate-authority-data: .*/certificate-authority: \/etc\/passwd/'
refused_with insecure-skip-tls-verify 's/certificate-authority-data: .*/insecure-skip-tls-verify: true/'
refused_with context 's/^current-context: .*/current-context: nowhere/'
expect_refused cluster add quay --kubeconfig "$kubeconfig" --shared
expect_refused cluster add --odd --kubeconfig "$kubeconfig" --shared

# Namespaces that the cluster does not take.
expect_runs cluster edit quay --allow-namespace 'team-*'
expect_refused pilothouse release install quay "$CHANNEL/hello@1.0.0" -n other
expect_contains "$output" 'team-*'
expect_runs pilothouse release install quay "$CHANNEL/hello@1.0.0" -n team-1
expect_runs cluster edit quay --allow-any-namespace
expect_refused pilothouse release install quay "$CHANNEL/hello@1.0.0" -n kube-system

# Credentials that are taken away; new ones, for the same cluster.
control_plane revoke
expect_runs cluster edit quay --kubeconfig "$kubeconfig"
expect_runs pilothouse release update quay/team-1/hello
expect_runs cluster rotate-key
expect_runs pilothouse release update quay/team-1/hello

expect_refused cluster remove quay --yes
expect_runs cluster remove quay --forget-releases --yes
expect_runs helm 4 status hello -n team-1
expect_refused cluster show quay
control_plane stop-api
expect_status_of 5 cluster check paper
expect_contains "$output" "cannot be reached"
expect_status_of 5 cluster check paper --json
expect_contains "$output" '"reachable":false'
