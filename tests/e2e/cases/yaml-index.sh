#!/usr/bin/env bash
# With `index.format: yaml` the index is block YAML, which both Helms read as they read the JSON.
source "$(dirname "$0")/../lib.sh"
open_house public
mkdir "$work/set"
cp "$(pack hello 1.0.0)" "$(pack hello 1.10.0)" "$(pack rigging)" "$(pack tide)" "$work/set"
python3 "$e2e/odd_charts.py" "$work/odd"
cp "$work"/odd/taken/*.tgz "$work/set"
publish_all "$work/set"
fetch_index "$work/json"

stop_server
printf 'index:\n  format: yaml\n' >"$work/pilothouse.yaml"
start_server --config "$work/pilothouse.yaml"
repo=$api/projects/$project/packages/helm/stable
fetch_index "$work/yaml"
expect_equal "its first lines" "--- apiVersion: v1 entries:" "$(head -n 3 "$work/yaml" | xargs)"

for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo"
    expect_lacks "$output" skipping
    expect_runs helm $helm pull house/hello --version 1.10.0 --destination "$work"
    # Helm reads the YAML, and writes what it read as JSON.
    mkdir "$work/read$helm"
    helm $helm repo index --json --merge "$work/yaml" "$work/read$helm"
    "$e2e/compare_index.py" "$work/json" "$work/read$helm/index.yaml"
    expect_contains "$work/read$helm/index.yaml" '"charts/tide-v1.4.0-rc.1+tide.7.tgz"'
done

# A push lands in this form as well.
publish "$(pack hello 1.11.0)"
fetch_index "$work/yaml"
expect_contains "$work/yaml" "charts/hello-1.11.0.tgz"
