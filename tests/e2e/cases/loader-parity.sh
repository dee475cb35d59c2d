#!/usr/bin/env bash
# The index has what Helm's loader makes of a hand-written Chart.yaml, and not what Helm refuses.
source "$(dirname "$0")/../lib.sh"
open_house public
python3 "$e2e/odd_charts.py" "$work/odd"

publish_all "$work/odd/taken"
fetch_index "$work/ours"
for helm in 3 4; do
    helm $helm repo index --json "$work/odd/taken"
    "$e2e/compare_index.py" "$work/ours" "$work/odd/taken/index.yaml"
    expect_runs helm $helm repo add house "$repo"
    expect_lacks "$output" skipping
done

for archive in "$work"/odd/refused/*.tgz; do
    push "$archive" refused
    [[ $status = 4[02][02] ]] || fail "$(basename "$archive") was answered $status"
    json error <"$answer" >/dev/null
done
fetch_index "$work/empty" "$api/projects/$project/packages/helm/refused"
expect_equal "what was refused" "{}" "$(json entries <"$work/empty")"
