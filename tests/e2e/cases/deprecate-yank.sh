#!/usr/bin/env bash
# Helm reads of a deprecated version that it is, and does not see a yanked one, which is still pulled.
source "$(dirname "$0")/../lib.sh"
open_house public
for version in 1.0.0 1.1.0 1.2.0; do publish "$(pack hello $version)"; done
fetch_index "$work/before"

# versions HELM: one line, of what that Helm finds
versions() {
    helm "$1" search repo house/hello --versions --output json | python3 -c '
import json, sys
print(*(found["version"] for found in json.load(sys.stdin)))'
}
update_all() {
    local helm
    for helm in 3 4; do expect_runs helm $helm repo update; done
}
for helm in 3 4; do expect_runs helm $helm repo add house "$repo"; done

# Deprecated: marked in the index, and there. Helm itself says nothing of it in a search, but reads
# it: what it merges into an index of its own has the mark and the reason.
pilothouse chart deprecate fleet/charts stable hello 1.0.0 --reason 'use "1.2.0"' >/dev/null
fetch_index "$work/deprecated"
python3 - "$work/deprecated" <<'PYTHON'
import json, sys
entries = {e["version"]: e for e in json.load(open(sys.argv[1]))["entries"]["hello"]}
assert entries["1.0.0"]["deprecated"] is True, entries
assert entries["1.0.0"]["annotations"]["pilothouse.dev/deprecated-reason"] == 'use "1.2.0"'
assert "deprecated" not in entries["1.1.0"] and "deprecated" not in entries["1.2.0"]
PYTHON
update_all
for helm in 3 4; do
    expect_runs helm $helm search repo house/hello --versions --version 1.0.0
    expect_contains "$output" "1.0.0"
    expect_runs helm $helm pull house/hello --version 1.0.0 --destination "$work"
    mkdir "$work/merged$helm"
    expect_runs helm $helm repo index "$work/merged$helm" --merge "$work/deprecated"
    expect_contains "$work/merged$helm/index.yaml" "deprecated: true"
    expect_contains "$work/merged$helm/index.yaml" \
        "pilothouse.dev/deprecated-reason: use \"1.2.0\""
done
pilothouse chart undeprecate fleet/charts stable hello >/dev/null
fetch_index "$work/after"
sed 's/"generated":.*//' "$work/before" >"$work/before.entries"
sed 's/"generated":.*//' "$work/after" >"$work/after.entries"
expect_same "the entries once nothing is deprecated" "$work/before.entries" "$work/after.entries"

# Yanked: out of the index, and pulled by its exact address.
pilothouse chart yank fleet/charts stable hello 1.2.0 --reason 'leaks secrets' >/dev/null
update_all
for helm in 3 4; do
    expect_equal "what is found" "1.1.0 1.0.0" "$(versions $helm)"
    expect_refused helm $helm pull house/hello --version 1.2.0 --destination "$work"
    mkdir "$work/newest$helm"
    expect_runs helm $helm pull house/hello --destination "$work/newest$helm"
    [ -s "$work/newest$helm/hello-1.1.0.tgz" ] || fail "the newest is not the newest that is left"
done
expect_status 200 "$repo/charts/hello-1.2.0.tgz"
expect_same "the archive" "$work/packed/hello-1.2.0.tgz" "$answer"
expect_contains "$headers" "X-Pilothouse-Yanked: leaks%20secrets"
expect_status 200 "$repo/charts/hello-1.1.0.tgz"
expect_lacks "$headers" "X-Pilothouse-Yanked"

# The same content again changes nothing, other content is refused whatever the project allows.
publish "$work/packed/hello-1.2.0.tgz"
fetch_index "$work/index"
expect_lacks "$work/index" "1.2.0"
pilothouse project edit fleet/charts --duplicates allow >/dev/null
push "$(pack hello 1.2.0 --app-version other)"
expect_contains "$answer" "yanked (leaks secrets)"
[ "$status" != 201 ] || fail "other content came under a yanked version"

stop_server
start_server
repo=$api/projects/$project/packages/helm/stable
fetch_index "$work/index"
expect_lacks "$work/index" "1.2.0"
expect_status 200 "$repo/charts/hello-1.2.0.tgz"
pilothouse chart unyank fleet/charts stable hello 1.2.0 >/dev/null
fetch_index "$work/after"
sed 's/"generated":.*//' "$work/after" >"$work/after.entries"
expect_same "the entries once nothing is yanked" "$work/before.entries" "$work/after.entries"
