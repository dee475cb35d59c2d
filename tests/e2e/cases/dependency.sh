#!/usr/bin/env bash
# `helm dependency update` and `build` take a chart's parts from the repository, by name and by URL.
source "$(dirname "$0")/../lib.sh"
open_house private
hello=$(pack hello 1.2.0) rigging=$(pack rigging)
publish "$(pack hello 1.0.0)" "$hello" "$rigging"
for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
done

# parts_are CHART-FOLDER HELLO: the archives in its charts/ are those of the repository.
parts_are() {
    expect_same "hello of $1" "$2" "$1/charts/$(basename "$2")"
    expect_same "rigging of $1" "$rigging" "$1/charts/$(basename "$rigging")"
}

for helm in 3 4; do
    for way in name url; do
        chart=$work/flotilla-$helm-$way
        cp -r "$e2e/charts/flotilla" "$chart"
        [ $way = name ] || sed -i "s,\"@house\",\"$repo\"," "$chart/Chart.yaml"
        expect_runs helm $helm dependency update "$chart"
        parts_are "$chart" "$hello"
        expect_contains "$chart/Chart.lock" "version: 1.2.0"
    done
done

# A newer version does not move what is locked.
newer=$(pack hello 1.3.0)
publish "$newer"
for helm in 3 4; do
    chart=$work/flotilla-$helm-name
    expect_runs helm $helm repo update
    rm -r "$chart/charts"
    expect_runs helm $helm dependency build "$chart"
    parts_are "$chart" "$hello"
    expect_runs helm $helm dependency update "$chart"
    parts_are "$chart" "$newer"

    # The whole, with its parts inside, goes back into the repository.
    helm $helm package "$chart" --destination "$work" --version "0.3.$helm" >/dev/null
    publish "$work/flotilla-0.3.$helm.tgz"
    expect_runs helm $helm repo update
    expect_runs helm $helm template ship house/flotilla --version "0.3.$helm"
    expect_contains "$output" 'everybody: "Good morning"'
    expect_contains "$output" 'order: "ship sails in line"'
done
