#!/usr/bin/env bash
# The index of a channel says of each chart, field by field, what `helm repo index` writes.
#
# With PILOTHOUSE_E2E_FULL=1 all real archives are pushed, otherwise some sixty of them.
source "$(dirname "$0")/../lib.sh"
open_house public
mkdir "$work/set"
cp "$(pack hello 1.0.0)" "$(pack hello 1.10.0)" "$(pack hello 1.9.0)" "$(pack hello 1.9.0-rc.1)" \
    "$(pack rigging)" "$(pack tide)" "$(pack tide 1.4.0)" "$work/set"

folder=$(real_charts)
if [ -n "$folder" ]; then
    every=$([ -n "${PILOTHOUSE_E2E_FULL:-}" ] && echo 1 || echo 23)
    # Five neighbours at a time, so that charts come with several of their versions.
    find "$folder" -name '*.tgz' | sort | awk -v every="$every" 'int((NR - 1) / 5) % every == 0' |
        xargs cp -t "$work/set"
fi

publish_all "$work/set"
fetch_index "$work/ours"
expect_equal "the first byte of the index" "{" "$(head -c 1 "$work/ours")"

for helm in 3 4; do
    helm $helm repo index --json "$work/set"
    "$e2e/compare_index.py" "$work/ours" "$work/set/index.yaml"
    expect_runs helm $helm repo add house "$repo"
    expect_lacks "$output" skipping
done
