#!/usr/bin/env bash
# `helm search repo` lists the versions in their order, and a pushed one after the next update.
source "$(dirname "$0")/../lib.sh"
open_house public
for version in 1.9.0 0.9.0 1.10.0 1.10.0-rc.1 1.2.0; do publish "$(pack hello $version)"; done
publish "$(pack tide)"

# versions HELM CHART ARGS…: one line
versions() {
    helm "$1" search repo "house/$2" --versions --output json "${@:3}" | python3 -c '
import json, sys
print(*(found["version"] for found in json.load(sys.stdin)))'
}

for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo"
    expect_equal "releases" "1.10.0 1.9.0 1.2.0 0.9.0" "$(versions $helm hello)"
    expect_equal "all versions" "1.10.0 1.10.0-rc.1 1.9.0 1.2.0 0.9.0" \
        "$(versions $helm hello --devel)"
    expect_equal "prefix and build" "v1.4.0-rc.1+tide.7" "$(versions $helm tide --devel)"
    expect_equal "a range" "1.9.0 1.2.0" "$(versions $helm hello --version '>=1.0.0 <1.10.0')"
done

publish "$(pack hello 1.11.0)"
for helm in 3 4; do
    expect_runs helm $helm repo update
    expect_equal "after a push" "1.11.0 1.10.0 1.9.0 1.2.0 0.9.0" "$(versions $helm hello)"
done

expect_runs helm 4 search repo house/hello
expect_contains "$output" "Greets whoever reads its one ConfigMap"
expect_contains "$output" "2024.10"
