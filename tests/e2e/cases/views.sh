#!/usr/bin/env bash
# A channel added through a lens: Helm lists, searches and pulls what the view holds, and no more.
source "$(dirname "$0")/../lib.sh"
open_house public
for version in 1.9.0 0.9.0 1.10.0 2.0.0-rc.1 1.2.0; do publish "$(pack hello $version)"; done
publish "$(pack tide)" "$(pack rigging)"

# found HELM REPOSITORY ARGS…: every version there, one line
found() {
    helm "$1" search repo "$2/" --versions --output json "${@:3}" | python3 -c '
import json, sys
print(*sorted(found["name"] + "@" + found["version"] for found in json.load(sys.stdin)))'
}

charts=$(pack rigging) && rigging=${charts##*/rigging-} rigging=${rigging%.tgz}
for helm in 3 4; do
    expect_runs helm $helm repo add latest "$repo~latest-2"
    expect_runs helm $helm repo add chart "$repo~chart-hello"
    expect_runs helm $helm repo add range "$repo~range-%3E%3D1.2,%20%3C1.10%20%7C%7C%20^0.9"
    expect_runs helm $helm repo add tilde "$repo~range-~1.9"
    expect_runs helm $helm repo add with-pre "$repo~range-2.x-0"

    expect_equal "the newest two" \
        "latest/hello@1.10.0 latest/hello@2.0.0-rc.1 latest/rigging@$rigging latest/tide@v1.4.0-rc.1+tide.7" \
        "$(found $helm latest --devel)"
    expect_equal "one chart" "chart/hello@0.9.0 chart/hello@1.10.0 chart/hello@1.2.0 chart/hello@1.9.0" \
        "$(found $helm chart)"
    expect_equal "a range" "range/hello@0.9.0 range/hello@1.2.0 range/hello@1.9.0" \
        "$(found $helm range --devel)"
    expect_equal "a range with a tilde" "tilde/hello@1.9.0" "$(found $helm tilde)"
    expect_equal "a pre-release" "with-pre/hello@2.0.0-rc.1" "$(found $helm with-pre --devel)"
    # What the server says is within a range, Helm says too.
    expect_equal "Helm's own choice" \
        "$(found $helm range --devel | tr ' ' '\n' | cut -d@ -f2 | sort | xargs)" \
        "$(helm $helm search repo chart/hello --versions --devel --output json \
            --version '>=1.2, <1.10 || ^0.9' |
            python3 -c 'import json, sys; print(*sorted(f["version"] for f in json.load(sys.stdin)))')"

    mkdir "$work/pulled$helm"
    expect_runs helm $helm pull range/hello --destination "$work/pulled$helm"
    expect_same "what was pulled" "$work/pulled$helm/hello-1.9.0.tgz" "$work/packed/hello-1.9.0.tgz"
    expect_runs helm $helm pull hello --repo "$repo~latest-2" --devel --destination "$work/pulled$helm"
    expect_same "what was pulled" "$work/pulled$helm/hello-2.0.0-rc.1.tgz" \
        "$work/packed/hello-2.0.0-rc.1.tgz"
    expect_refused helm $helm pull latest/hello --version 0.9.0 --destination "$work"

    expect_refused helm $helm repo add none "$repo~newest-2"
    expect_contains "$output" "400 Bad Request"
    expect_refused helm $helm cm-push "$work/packed/hello-1.2.0.tgz" \
        --username skipper --password "$token" chart
    expect_contains "$output" "push to the channel itself, stable"
done

# Nothing is loaded twice, and nothing is missed.
expect_status 200 "$repo~latest-2/index.yaml"
etag=$(sed -n 's/^ETag: \(.*\)\r$/\1/Ip' "$headers")
expect_status 304 --header "If-None-Match: $etag" "$repo~latest-2/index.yaml"
publish "$(pack hello 2.0.0)"
expect_status 200 --header "If-None-Match: $etag" "$repo~latest-2/index.yaml"
for helm in 3 4; do
    expect_runs helm $helm repo update latest
    expect_equal "after a push" "latest/hello@2.0.0" \
        "$(found $helm latest | tr ' ' '\n' | grep hello)"
done
