#!/usr/bin/env bash
# `helm cm-push` works by URL and by repository name, however the project is written, forced or not.
source "$(dirname "$0")/../lib.sh"
open_house private
number=0

# pushed HELM WHERE ARGS…: pushes the next version; it has to be in the very next index.
pushed() {
    number=$((number + 1))
    expect_runs helm "$1" cm-push "$(pack hello 0.$number.0)" "$2" "${@:3}"
    expect_contains "$output" "Done."
    fetch_index "$work/index"
    expect_contains "$work/index" "\"charts/hello-0.$number.0.tgz\""
}

ids=("$project" fleet%2Fcharts fleet/charts)
for helm in 3 4; do
    for which in 0 1 2; do
        url=$api/projects/${ids[which]}/packages/helm/stable
        credentials=(--username skipper --password "$token")
        expect_runs helm $helm repo add "house$which" "$url" "${credentials[@]}"
        for force in "" --force; do
            pushed $helm "$url" "${credentials[@]}" $force
            pushed $helm "house$which" $force
        done
    done

    # A folder, packed on the way; a token in the Authorization header; another channel.
    expect_runs helm $helm cm-push "$e2e/charts/hello" house0 --version "1.$helm.0"
    fetch_index "$work/index"
    expect_contains "$work/index" "\"charts/hello-1.$helm.0.tgz\""
    pushed $helm "$repo" --access-token "$token"
    edge=$api/projects/$project/packages/helm/edge
    expect_runs helm $helm cm-push "$(pack rigging "0.2.$helm")" "$edge" "${credentials[@]}"
    fetch_index "$work/edge" "$edge"
    expect_contains "$work/edge" "\"charts/rigging-0.2.$helm.tgz\""

    # The plugin packs anew each time: the same content again is no conflict, other content is.
    expect_runs helm $helm cm-push "$(pack hello 0.1.0)" house0
    cp -r "$e2e/charts/hello" "$work/changed$helm"
    echo "# changed" >>"$work/changed$helm/values.yaml"
    for force in "" --force; do
        expect_refused helm $helm cm-push "$work/changed$helm" house0 --version 0.1.0 $force
        expect_contains "$output" "409"
        expect_contains "$output" "duplicates"
    done

    # Who may not write is told so in words that the plugin can print.
    reader=$(new_token skipper read_api)
    expect_refused helm $helm cm-push "$(pack hello 9.9.9)" "$repo" \
        --username skipper --password "$reader"
    expect_contains "$output" "403: "
    expect_lacks "$output" "could not properly parse"
done
