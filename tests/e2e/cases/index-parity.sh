#!/usr/bin/env bash
# The index of a channel says of each chart, field by field, what `helm repo index` writes.
#
# With PILOTHOUSE_E2E_FULL=1 all real archives are pushed, otherwise some sixty of them.
source "$(dirname "$0")/../lib.sh"
open_house public
a_set "$work/set"

publish_all "$work/set"
fetch_index "$work/ours"
expect_equal "the first byte of the index" "{" "$(head -c 1 "$work/ours")"

for helm in 3 4; do
    helm $helm repo index --json "$work/set"
    "$e2e/compare_index.py" "$work/ours" "$work/set/index.yaml"
    expect_runs helm $helm repo add house "$repo"
    expect_lacks "$output" skipping
done
