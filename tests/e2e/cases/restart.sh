#!/usr/bin/env bash
# A restart changes no byte of the index, neither its entity tag nor the time that it names.
source "$(dirname "$0")/../lib.sh"
open_house private
publish "$(pack hello 1.0.0)" "$(pack hello 1.1.0)" "$(pack tide)"

# snapshot NAME: index, its entity tag and an archive, as they are served now.
snapshot() {
    local here=$api/projects/$project/packages/helm/stable
    fetch_index "$work/$1.index" "$here"
    sed -n 's/^etag: *//Ip' "$headers" >"$work/$1.etag"
    expect_status 200 --user "skipper:$token" "$here/charts/hello-1.1.0.tgz"
    cp "$answer" "$work/$1.archive"
}

snapshot before
[ -s "$work/before.etag" ] || fail "the index has no entity tag"
stop_server

# The command line works on the folder of a server that does not run.
pilothouse chart list fleet/charts stable --json >"$work/list"
expect_contains "$work/list" hello
pilothouse user create deckhand --json >/dev/null
pilothouse member add fleet/charts deckhand --role guest
guest=$(new_token deckhand)

start_server
snapshot after
for part in index etag archive; do
    expect_same "the $part after a restart" "$work/before.$part" "$work/after.$part"
done
repo=$api/projects/$project/packages/helm/stable
expect_status 304 --user "skipper:$token" \
    --header "If-None-Match: $(tr -d '\r' <"$work/before.etag")" "$repo/index.yaml"
expect_status 200 --user "deckhand:$guest" "$repo/index.yaml"

# The next push does change it.
publish "$(pack hello 1.2.0)"
snapshot later
expect_contains "$work/later.index" "charts/hello-1.2.0.tgz"
[ "$(json generated <"$work/before.index")" != "$(json generated <"$work/later.index")" ] ||
    fail "generated did not change with the content"
