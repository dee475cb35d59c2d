#!/usr/bin/env bash
# A full disk: pushes are answered 507 and leave nothing, reads go on, and room is all it takes to recover.
#
# Root gets a small file system of its own; others a limit on the size of a file, which is as full to the server.
source "$(dirname "$0")/../lib.sh"

mkdir "$data"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=40m tmpfs "$data" 2>"$work/mount"; then
    end_script() { umount --lazy "$data"; }
    trap 'status=$?; end_script; (exit $status); clean_up' EXIT
    fill() { head -c 60M /dev/zero >"$data/filler" 2>"$work/filled" || true; }
    free() { rm "$data/filler"; }
    small_disk=yes
else
    # 4 MiB a file: the catalogue fits, the large chart does not.
    printf '#!/bin/sh\nulimit -f 8192\nexec "%s" "$@"\n' "$PILOTHOUSE" >"$work/limited"
    chmod +x "$work/limited"
    PILOTHOUSE=$work/limited
    fill() { :; }
    free() { :; }
    small_disk=
fi

# A chart of 8 MiB in files that Helm takes.
large=$work/large
mkdir -p "$large/files"
printf 'apiVersion: v2\nname: large\nversion: 1.0.0\n' >"$large/Chart.yaml"
for part in 1 2; do head -c 4M /dev/urandom >"$large/files/$part"; done
tar -C "$work" -czf "$work/large.tgz" large

open_house private
pilothouse settings set helm_max_file_size 0 >/dev/null
small=$(pack hello 1.0.0)
publish "$small"

fill
push "$work/large.tgz"
expect_equal "the status of a push without room" 507 "$status"
expect_contains "$answer" '"error"'
expect_status 200 --user "skipper:$token" "$repo/index.yaml"
expect_lacks "$answer" large
expect_status 200 --user "skipper:$token" "$repo/charts/hello-1.0.0.tgz"
expect_same "the chart while the disk is full" "$small" "$answer"
expect_status 200 "$base/-/live"
if [ -n "$small_disk" ]; then
    expect_status 503 "$base/-/ready"
    expect_contains "$answer" "full"
fi
expect_equal "what is left in the staging area" "" "$(ls -A "$data/staging")"

free
if [ -n "$small_disk" ]; then
    expect_status 200 "$base/-/ready"
    publish "$work/large.tgz"
fi
publish "$(pack hello 1.1.0)"
stop_server
