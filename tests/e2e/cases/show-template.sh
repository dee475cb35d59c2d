#!/usr/bin/env bash
# `helm show` and `helm template` from the repository say the same as from the archive itself.
source "$(dirname "$0")/../lib.sh"
open_house private
archive=$(pack hello 1.0.0)
publish "$archive" "$(pack hello 1.1.0)"

for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
    for part in chart values readme all; do
        helm $helm show $part "$archive" >"$work/wanted"
        expect_runs helm $helm show $part house/hello --version 1.0.0
        expect_same "helm show $part" "$work/wanted" "$output"
    done
    helm $helm template ship "$archive" --set crew='{ann,bob}' >"$work/wanted"
    expect_contains "$work/wanted" 'ann: "Ahoy, ann"'
    expect_runs helm $helm template ship house/hello --version 1.0.0 --set crew='{ann,bob}'
    expect_same "helm template" "$work/wanted" "$output"
    expect_runs helm $helm template ship hello --repo "$repo" --username skipper --password "$token"
    expect_contains "$output" "name: ship-greeting"
    expect_runs helm $helm show chart house/hello
    expect_contains "$output" "version: 1.1.0"
done
