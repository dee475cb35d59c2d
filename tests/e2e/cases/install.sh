#!/usr/bin/env bash
# `helm install` puts a pushed chart into a cluster: the one that PILOTHOUSE_KUBECONFIG leads to, or
# one of its own.
source "$(dirname "$0")/../lib.sh"
if [ -n "${PILOTHOUSE_KUBECONFIG:-}" ]; then
    kubeconfig=$PILOTHOUSE_KUBECONFIG # which the function helm hands on
else
    open_cluster
fi
open_house private
publish "$(pack hello 1.0.0)" "$(pack hello 1.1.0)"

for helm in 3 4; do
    release=pilothouse-e2e-$$-$helm
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
    expect_runs helm $helm install "$release" house/hello --version 1.0.0 --wait
    expect_contains "$output" "STATUS: deployed"
    expect_runs helm $helm upgrade "$release" house/hello --wait
    expect_runs helm $helm get manifest "$release"
    expect_contains "$output" "name: $release-greeting"
    expect_runs helm $helm uninstall "$release" --wait
done
