#!/usr/bin/env bash
# After kill -9 in the middle of pushes the server just starts, with all that it had acknowledged.
source "$(dirname "$0")/../lib.sh"
open_house private
for number in $(seq 40); do pack hello "0.$number.0" >/dev/null; done

# Pushes one after the other and notes what was answered 201, until the server is gone.
push_until_the_end() {
    local archive
    for archive in "$work"/packed/hello-*.tgz; do
        [ "$(curl --silent --output /dev/null --write-out '%{http_code}' --user "skipper:$token" \
            --form "chart=@$archive" "$api/projects/$project/packages/helm/api/stable/charts")" \
            = 201 ] || return 0
        basename "$archive" >>"$work/acknowledged"
    done
}
acknowledged() { [ "$(wc -l <"$work/acknowledged")" -ge "$1" ]; }

for round in 1 2 3; do
    : >"$work/acknowledged"
    push_until_the_end &
    pushing=$!
    wait_until "some pushes are answered" acknowledged $((round * 5))
    kill_server
    wait $pushing

    start_server
    repo=$api/projects/$project/packages/helm/stable
    fetch_index "$work/index"
    while read -r name; do
        expect_contains "$work/index" "\"charts/$name\""
        expect_contains "$work/index" "$(sha256 "$work/packed/$name")"
        expect_status 200 --user "skipper:$token" "$repo/charts/$name"
        expect_same "$name after the kill" "$work/packed/$name" "$answer"
    done <"$work/acknowledged"

    # What was not answered is there whole or not at all: nothing in the index leads nowhere.
    while read -r name; do
        expect_status 200 --user "skipper:$token" "$repo/charts/$name"
        expect_same "$name in the index" "$work/packed/$name" "$answer"
    done < <(grep -o 'hello-[0-9.]*\.tgz' "$work/index" | sort -u)
    for helm in 3 4; do
        expect_runs helm $helm repo add "house$round" "$repo" --username skipper --password "$token"
    done
done
publish_all "$work/packed"
