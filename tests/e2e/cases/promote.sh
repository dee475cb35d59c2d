#!/usr/bin/env bash
# `chart promote` puts versions of one channel into another, where Helm finds them at once.
source "$(dirname "$0")/../lib.sh"
open_house private
make_keys
archive=$(pack_signed hello 1.0.0)
push "$archive" edge --form "prov=@$archive.prov"
expect_equal "the push of a signed chart" 201 "$status"
for version in 1.1.0 1.2.0-rc.1 2.0.0; do
    push "$(pack hello $version)" edge
    expect_equal "the push of $version" 201 "$status"
done
edge=$api/projects/$project/packages/helm/edge

for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
    expect_refused helm $helm pull house/hello --version 1.0.0 --destination "$work"
done

before=$(find "$data/blobs" -type f | wc -l)
pilothouse chart promote fleet/charts edge stable hello 1.0.0 --json >"$work/promoted"
expect_equal "where it came from" fleet/charts/edge "$(json 0 promoted from <"$work/promoted")"
expect_equal "what became of it" created "$(json 0 outcome <"$work/promoted")"
expect_equal "files stored" "$before" "$(find "$data/blobs" -type f | wc -l)"
for helm in 3 4; do
    mkdir "$work/pulled$helm"
    expect_runs helm $helm repo update
    expect_runs helm $helm pull house/hello --version 1.0.0 --destination "$work/pulled$helm" \
        --verify --keyring "$public_keys"
    expect_same "the archive" "$archive" "$work/pulled$helm/hello-1.0.0.tgz"
done

# The line of the index is the same in both.
fetch_index "$work/edge" "$edge"
fetch_index "$work/stable"
grep -F '"version":"1.0.0"' "$work/edge" | tr -d ',]' >"$work/line.edge"
grep -F '"version":"1.0.0"' "$work/stable" | tr -d ',]' >"$work/line.stable"
expect_same "the line" "$work/line.edge" "$work/line.stable"

# By range, and again; then all, into another project.
pilothouse chart promote fleet/charts edge stable hello --range '^1' >"$output"
expect_contains "$output" "hello 1.0.0: unchanged"
expect_contains "$output" "hello 1.1.0: created"
expect_lacks "$output" "2.0.0"
expect_lacks "$output" "rc"
pilothouse project create fleet/other >/dev/null
pilothouse chart promote fleet/charts edge mirror --to-project fleet/other --yes >"$output"
expect_equal "promoted" 4 "$(wc -l <"$output")"

# Other content in the way refuses all of it, and a closed channel as well.
push "$(pack hello 2.0.0 --app-version other)"
expect_equal "the push of another 2.0.0" 201 "$status"
expect_refused pilothouse chart promote fleet/charts edge stable hello
expect_contains "$output" "hello-2.0.0.tgz is already published with other content"
fetch_index "$work/stable"
expect_lacks "$work/stable" "rc.1"
pilothouse channel edit fleet/charts stable --read-only true >/dev/null
expect_refused pilothouse chart promote fleet/charts edge stable hello 1.2.0-rc.1
expect_contains "$output" read_only
push "$(pack tide)" stable
expect_equal "a push into a read-only channel" 403 "$status"
pilothouse channel edit fleet/charts stable --read-only false >/dev/null

# A move leaves nothing behind, and the collector nothing unnamed; a restart changes nothing.
pilothouse chart promote fleet/charts edge stable hello 1.2.0-rc.1 --move >/dev/null
fetch_index "$work/edge" "$edge"
expect_lacks "$work/edge" "rc.1"
pilothouse gc --grace 0 >/dev/null
fetch_index "$work/stable"
stop_server
start_server
repo=$api/projects/$project/packages/helm/stable
fetch_index "$work/after" "$repo"
expect_same "the index after a restart" "$work/stable" "$work/after"
expect_status 200 --user "skipper:$token" "$repo/charts/hello-1.2.0-rc.1.tgz"
