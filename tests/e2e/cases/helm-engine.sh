#!/usr/bin/env bash
# The engine of releases, with both Helms on a real API server; see helm_engine/real_helm_test.cpp.
source "$(dirname "$0")/../lib.sh"
open_cluster
program=${PILOTHOUSE_ENGINE_TEST:-$(dirname "$PILOTHOUSE")/tests/e2e/helm_engine/helm_engine_on_a_cluster}
[ -x "$program" ] || fail "$program is not built; try: ninja -C build/dev helm_engine_on_a_cluster"

for helm in "$HELM3" "$HELM4"; do
    expect_runs env HELM="$helm" KUBECONFIG="$kubeconfig" WEAK_KUBECONFIG="$weak_kubeconfig" \
        STRANGER_KUBECONFIG="$stranger_kubeconfig" "$program"
done
