#!/usr/bin/env bash
# The walkthrough of docs/RELEASES.md works as it is printed, with both Helms, in a real cluster.
source "$(dirname "$0")/../lib.sh"
need_clients SDK_PYTHON sdk-python
open_cluster

for helm in 3 4; do
    binary=HELM$helm
    expect_runs python3 "$source_root/tests/docs/releases_tour.py" "$PILOTHOUSE" "$cluster" "${!binary}" "$SDK_PYTHON"
done
