#!/usr/bin/env bash
# A second server on the same folder is refused, and told which process owns it.
source "$(dirname "$0")/../lib.sh"
open_house private
publish "$(pack hello 1.0.0)"

expect_refused timeout 20 "$PILOTHOUSE" serve --data "$data" --listen 127.0.0.1:0
expect_contains "$output" "$server_pid"

# The first did not notice, and its address still stands.
expect_equal "the address in the data folder" "$base" "$(<"$data/address")"
expect_status 200 --user "skipper:$token" "$repo/index.yaml"
publish "$(pack hello 1.1.0)"

# When the first has ended, in order or not, the next one starts.
stop_server
start_server
kill_server
start_server
expect_status 200 --user "skipper:$token" \
    "$api/projects/$project/packages/helm/stable/charts/hello-1.1.0.tgz"
