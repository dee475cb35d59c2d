#!/usr/bin/env bash
# The same content again changes nothing; other content follows the project's setting `duplicates`.
source "$(dirname "$0")/../lib.sh"
open_house private
path=fleet/charts
first=$(pack hello 1.0.0)
candidate=$(pack hello 1.1.0-rc.1)
publish "$first" "$candidate"
fetch_index "$work/before"

# Other content under the same versions.
cp -r "$e2e/charts/hello" "$work/changed"
echo "# changed" >>"$work/changed/values.yaml"
for version in 1.0.0 1.1.0-rc.1; do
    helm 4 package "$work/changed" --version $version --destination "$work/other" >/dev/null
done
other=$work/other/hello-1.0.0.tgz
other_candidate=$work/other/hello-1.1.0-rc.1.tgz

# served ARCHIVE: it is what one gets, and the digest in the index is its own.
served() {
    expect_status 200 --user "skipper:$token" "$repo/charts/$(basename "$1")"
    expect_same "what is served" "$1" "$answer"
    fetch_index "$work/index"
    expect_contains "$work/index" "$(sha256 "$1")"
}

# The same bytes; the same files in another archive; forced or not.
repack "$first" "$work/repacked.tgz"
[ "$(sha256 "$first")" != "$(sha256 "$work/repacked.tgz")" ] || fail "repacking changed nothing"
publish "$first" "$work/repacked.tgz"
expect_status 201 --user "skipper:$token" --form "chart=@$work/repacked.tgz" \
    "$api/projects/$project/packages/helm/api/stable/charts?force"
served "$first"
expect_same "the index after all that" "$work/before" "$work/index"

# refuse, the default
for query in "" "?force"; do
    expect_status 409 --user "skipper:$token" --form "chart=@$other" \
        "$api/projects/$project/packages/helm/api/stable/charts$query"
    expect_contains "$answer" duplicates
    json message <"$answer" >/dev/null
    json error <"$answer" >/dev/null
done
served "$first"
expect_same "the index after a conflict" "$work/before" "$work/index"

# Another channel is another place.
push "$other" edge
expect_equal "the push to another channel" 201 "$status"

# prerelease_only
pilothouse project edit $path --duplicates prerelease_only >/dev/null
push "$other"
expect_equal "a release under prerelease_only" 409 "$status"
publish "$other_candidate"
served "$other_candidate"
served "$first"

# allow
pilothouse project edit $path --duplicates allow >/dev/null
publish "$other"
served "$other"
expect_lacks "$work/index" "$(sha256 "$first")"
expect_equal "versions in the index" 2 "$(json entries hello <"$work/index" | python3 -c '
import json, sys
print(len(json.load(sys.stdin)))')"
for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
    expect_runs helm $helm pull house/hello --version 1.0.0 --destination "$work"
    expect_same "what Helm pulls" "$other" "$work/hello-1.0.0.tgz"
done
