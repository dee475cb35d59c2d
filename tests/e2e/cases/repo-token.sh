#!/usr/bin/env bash
# Helm reads a private repository with each kind of token, by number, encoded path and raw path.
source "$(dirname "$0")/../lib.sh"
open_house private
publish "$(pack hello 1.0.0)"

# read_with NAME USER TOKEN URL
read_with() {
    for helm in 3 4; do
        expect_runs helm $helm repo add "$1" "$4" --username "$2" --password "$3"
        expect_runs helm $helm repo update "$1"
        expect_runs helm $helm pull "$1/hello" --version 1.0.0 --destination "$work"
    done
}

read_with by-number skipper "$token" "$repo"
read_with by-encoded-path skipper "$token" "$api/projects/fleet%2Fcharts/packages/helm/stable"
read_with by-raw-path skipper "$token" "$api/projects/fleet/charts/packages/helm/stable"
read_with any-user-name somebody "$token" "$repo"
read_with read-only skipper "$(new_token skipper read_api)" "$repo"

deploy=$(pilothouse deploy-token create fleet/charts --scope read_package_registry --json)
read_with deploy-token "$(json username <<<"$deploy")" "$(json token <<<"$deploy")" "$repo"

job=$(pilothouse job-token create --project fleet/charts --user skipper --json | json token)
read_with job-token gitlab-ci-token "$job" "$repo"

# Over plain HTTP the headers count as well as the password.
expect_status 200 --header "Authorization: Bearer $token" "$repo/index.yaml"
expect_status 200 --header "PRIVATE-TOKEN: $token" "$repo/index.yaml"
expect_status 200 --header "Deploy-Token: $(json token <<<"$deploy")" "$repo/index.yaml"
expect_status 200 --header "JOB-TOKEN: $job" "$repo/index.yaml"
expect_status 400 "$repo/index.yaml?private_token=$token"
