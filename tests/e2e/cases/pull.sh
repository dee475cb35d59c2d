#!/usr/bin/env bash
# `helm pull` brings the very bytes that were pushed, whose digest is the one in the index.
source "$(dirname "$0")/../lib.sh"
open_house private
archives=("$(pack hello 1.0.0)" "$(pack hello 1.1.0)" "$(pack rigging)" "$(pack tide)")
folder=$(real_charts)
if [ -n "$folder" ]; then
    mapfile -t -O ${#archives[@]} archives < \
        <(find "$folder" -name '*.tgz' | sort | awk 'NR % 300 == 1')
fi
publish "${archives[@]}"
fetch_index "$work/index"

# pulled HELM ARCHIVE ARGS…: pulls into a folder of its own and compares.
pulled() {
    local into
    into=$(mktemp -d -p "$work")
    expect_runs helm "$1" pull "${@:3}" --destination "$into"
    expect_same "what was pulled" "$2" "$into/$(basename "$2")"
}

for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
    for archive in "${archives[@]}"; do
        read -r chart version < <(helm $helm show chart "$archive" |
            awk '$1 == "name:" { n = $2 } $1 == "version:" { v = $2 } END { print n, v }')
        pulled $helm "$archive" "house/$chart" --version "$version"
        expect_contains "$work/index" "\"$(sha256 "$archive")\""
    done
    pulled $helm "${archives[1]}" house/hello
    pulled $helm "${archives[0]}" house/hello --version '~1.0'
    pulled $helm "${archives[1]}" hello --repo "$repo" --username skipper --password "$token"
    pulled $helm "${archives[0]}" "$repo/charts/hello-1.0.0.tgz" \
        --username skipper --password "$token"
    expect_refused helm $helm pull house/hello --version 3.0.0
    expect_runs helm $helm pull house/hello --untar --untardir "$work/untarred$helm"
    expect_same "a file of the chart" "$e2e/charts/hello/README.md" \
        "$work/untarred$helm/hello/README.md"
done

# A plus in a file name is a plus, written either way.
for name in 'tide-v1.4.0-rc.1+tide.7.tgz' 'tide-v1.4.0-rc.1%2Btide.7.tgz'; do
    expect_status 200 --user "skipper:$token" "$repo/charts/$name"
    expect_same "$name" "${archives[3]}" "$answer"
done
expect_status 404 --user "skipper:$token" "$repo/charts/hello-3.0.0.tgz"
