#!/usr/bin/env bash
# What an administrator takes away is gone at the next request.
source "$(dirname "$0")/../lib.sh"
open_house private
publish "$(pack hello 1.0.0)"
index=$repo/index.yaml

# A personal access token, in use by Helm.
personal=$(pilothouse token create --user skipper --scope read_api --json)
secret=$(json token <<<"$personal")
for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$secret"
done
pilothouse token revoke "$(json id <<<"$personal")"
expect_status 401 --user "skipper:$secret" "$index"
for helm in 3 4; do
    expect_refused helm $helm pull house/hello --version 1.0.0 --destination "$work"
    expect_contains "$output" "401 Unauthorized"
done

# A deploy token.
deploy=$(pilothouse deploy-token create fleet/charts --scope read_package_registry --json)
pair=$(json username <<<"$deploy"):$(json token <<<"$deploy")
expect_status 200 --user "$pair" "$index"
pilothouse deploy-token revoke fleet/charts "$(json id <<<"$deploy")"
expect_status 401 --user "$pair" "$index"

# A job token.
job=$(pilothouse job-token create --project fleet/charts --user skipper --json)
pair=gitlab-ci-token:$(json token <<<"$job")
expect_status 200 --user "$pair" "$index"
pilothouse job-token revoke "$(json id <<<"$job")"
expect_status 401 --user "$pair" "$index"

# A membership: first its role, then all of it.
pilothouse member add fleet/charts skipper --role reporter
push "$(pack hello 1.1.0)"
expect_equal "a push by a reporter" 403 "$status"
expect_status 200 --user "skipper:$token" "$index"
pilothouse member remove fleet/charts skipper
expect_status 404 --user "skipper:$token" "$index"

# The openness of a project.
expect_status 401 "$index"
pilothouse project edit fleet/charts --visibility public
expect_status 200 "$index"
pilothouse project edit fleet/charts --visibility private
expect_status 401 "$index"

# A user.
pilothouse member add fleet/charts skipper --role owner
expect_status 200 --user "skipper:$token" "$index"
pilothouse user block skipper
expect_status 403 --user "skipper:$token" "$index"
pilothouse user unblock skipper
expect_status 200 --user "skipper:$token" "$index"
