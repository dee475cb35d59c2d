#!/usr/bin/env bash
# A package removed through GitLab's Packages API is in no channel any more, and Helm pulls it nowhere.
source "$(dirname "$0")/../lib.sh"
open_house public
old=$(pack hello 1.0.0) new=$(pack hello 1.1.0)
publish "$old" "$new"
push "$new" edge
expect_equal "the status of a push" 201 "$status"
for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo"
    expect_runs helm $helm pull house/hello --version 1.1.0 --destination "$work"
done
packages=$api/projects/$project/packages
number=$(pilothouse chart show fleet/charts stable hello 1.1.0 --json | json package_id)

# Whole or not at all: a read-only channel keeps it in the other one, too.
pilothouse channel edit fleet/charts edge --read-only=true >/dev/null
expect_status 403 --request DELETE --user "skipper:$token" "$packages/$number"
expect_contains "$answer" "403 Forbidden - the channel edge takes no change"
fetch_index "$work/index"
expect_contains "$work/index" "charts/hello-1.1.0.tgz"
pilothouse channel edit fleet/charts edge --read-only=false >/dev/null

expect_status 204 --request DELETE --user "skipper:$token" "$packages/$number"
for channel in stable edge; do
    fetch_index "$work/index" "$api/projects/$project/packages/helm/$channel"
    expect_lacks "$work/index" "hello-1.1.0.tgz"
done
for helm in 3 4; do
    # By the index that Helm kept, and by a new one.
    rm -f "$work/hello-1.1.0.tgz"
    expect_refused helm $helm pull house/hello --version 1.1.0 --destination "$work"
    expect_runs helm $helm repo update
    expect_refused helm $helm pull house/hello --version 1.1.0 --destination "$work"
    [ ! -e "$work/hello-1.1.0.tgz" ] || fail "Helm $helm pulled what was removed"
    expect_runs helm $helm pull house/hello --destination "$work"
    [ -s "$work/hello-1.0.0.tgz" ] || fail "Helm $helm did not pull what is left"
done
expect_status 404 --user "skipper:$token" "$packages/$number"

# Come again it is another package; a crash loses none of the numbers.
publish "$new"
kill_server
start_server
again=$(pilothouse chart show fleet/charts stable hello 1.1.0 --json | json package_id)
[ "$again" -gt "$number" ] || fail "the number of a removed package came back: $again"
expect_status 404 --user "skipper:$token" "$api/projects/$project/packages/$number"
expect_status 200 --user "skipper:$token" "$api/projects/$project/packages/$again"
