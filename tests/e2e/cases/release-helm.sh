#!/usr/bin/env bash
# `helm` is missing, hangs, crashes, floods, is of an unknown version; the disk is full: the server goes
# on, says what is wrong, and ends every operation truly.
source "$(dirname "$0")/../lib.sh"

# A small disk for the data folder, where one may be mounted.
mkdir "$data"
small_disk=
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=300m tmpfs "$data" 2>"$work/mount"; then
    small_disk=yes
    trap 'status=$?; umount --lazy "$data"; (exit $status); clean_up' EXIT
fi
open_releases
space=helms

# stub NAME LINE…: a program in Helm's place.
stub() {
    printf '%s\n' '#!/bin/bash' "${@:2}" >"$work/$1"
    chmod +x "$work/$1"
    echo "$work/$1"
}
# real ONLY LINE: a stub that is Helm but for this command.
# shellcheck disable=SC2016 # its own parameters
real() { echo 'case "$1" in '"$1"') '"$2"' ;; *) exec '"$HELM4"' "$@" ;; esac'; }

# with STUB [ARGS…]: a server that has this one for its Helm.
with() {
    start_releases_server "$1" "${@:2}"
    [ -n "${TOKEN:-}" ] || furnish
    CHANNEL=fleet/charts/stable
}
install() { pilothouse release install quay "$CHANNEL/hello@1.0.0" --name "$1" -n "$space" "${@:2}"; }
refused() { expect_refused install "$1"; expect_contains "$output" "$2"; }
# The registry is there, and nothing waits.
goes_on() {
    expect_status 200 --max-time 5 "$base/-/ready"
    expect_status 200 --max-time 5 --user "skipper:$TOKEN" "$api/projects/$project/packages/helm/stable/index.yaml"
    expect_status 200 --max-time 5 --header "PRIVATE-TOKEN: $TOKEN" "$api/clusters/quay/releases"
}
memory() { awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$server_pid/status"; }
no_child_is_left() { ! pgrep --parent "$server_pid" >/dev/null; }

with "$work/nothing"
refused missing "get it from https://helm.sh/docs/intro/install"
goes_on
# It is found as soon as it is there.
ln -s "$HELM4" "$work/nothing"
expect_runs install found
rm "$work/nothing"
refused missing "There is no program $work/nothing"
stop_server

# The versions and ends of a helm that is none.

with "$(stub odd 'exit 3')"
for words in 'exit 3' 'echo v5.0.1' 'echo v3.12.9' 'echo v2.17.0' 'echo not a version' 'true' 'kill -SEGV $$' \
    'head -c 1G /dev/zero' 'head -c 1G /dev/zero >&2; exit 1' 'yes | head -c 1G'; do
    stub odd "$words" >/dev/null
    refused odd 'Releases need Helm 4, or Helm 3.13 or newer'
done
goes_on
stop_server

# It hangs when it is asked for its version: who asks for a release waits, nobody else.
with "$(stub hanging 'exec sleep 300')"
install hanging &>"$work/hanging.said" &
asking=$!
# shellcheck disable=SC2317 # wait_until calls it
is_asked() { pgrep --parent "$server_pid" >/dev/null; }
wait_until "it is asked" is_asked
goes_on
goes_on
! wait $asking || fail "a helm that hangs was taken"
expect_contains "$work/hanging.said" 'did not say which version it is'
wait_until "it is ended" no_child_is_left
stop_server

# It is well until it is to install.
ends_with() {
    ! install "$1" "${@:3}" &>"$output" || fail "$1 went well"
    expect_contains "$output" "$2"
    expect_equal "$1 as it is told" failed "$(pilothouse release show "quay/$space/$1" --json | json status)"
    goes_on
    wait_until "no child is left" no_child_is_left
}

# as COMMAND WORDS: Helm, but for this command of it.
as() { stub bad "$(real "$1" "$2")"; }
with "$(as install 'kill -SEGV $$')" --releases-cancel-grace 1s
ends_with crashing 'signal 11'
as install 'exit 0' >/dev/null
ends_with lying 'its history says otherwise'
as install 'echo "panic: runtime error: index out of range" >&2; exit 2' >/dev/null
ends_with panicking 'index out of range'
as install 'yes "Error: words" | head -c 1G >&2; yes | head -c 1G; exit 1' >/dev/null
before=$(memory)
ends_with flooding 'words'
echo "1 GB on each pipe: the server's memory was $before, and $(memory) MiB at most"
[ "$(memory)" -lt $((before + 100)) ] || fail "the server took $(memory) MiB"
as history 'yes | head -c 1G' >/dev/null
! install swollen &>"$output" || fail "a history of 1 GB was read"
expect_contains "$output" 'answer of helm is too long'
goes_on

# It does not hear that it is to end, nor does its child.
as install 'trap "" TERM; sleep 300 & while :; do wait; done' >/dev/null
id=$(install deaf --detach 2>/dev/null)
# shellcheck disable=SC2317 # wait_until calls it
it_runs() { pgrep --full "$work/bad install" >/dev/null; }
wait_until "it runs" it_runs
goes_on
expect_runs pilothouse operation cancel "$id"
expect_refused pilothouse operation watch "$id"
expect_contains "$output" cancelled
wait_until "no child is left" no_child_is_left
! it_runs || fail "a child is left"
expect_equal "programs in folders of runs" "" "$(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$data/*" 2>/dev/null || true)"
stop_server

# The disk is full while installs are asked for, and later.
with "$HELM4"
expect_runs install dry
if [ -n "$small_disk" ]; then
    head -c 400M /dev/zero >"$data/filler" 2>"$work/filled" || true
    expect_refused install wet
    grep -qE 'full|no space' "$output" || fail "it does not say that the disk is full: $(<"$output")"
    expect_equal "a read while the disk is full" deployed "$(pilothouse release show "quay/$space/dry" --json | json status)"
    rm "$data/filler"
    goes_on
    # It fills up while Helm is at work.
    id=$(pilothouse release install quay "$CHANNEL/buoy@1.0.0" --name brim -n "$space" --set fault=never-ready \
        --timeout 2s --detach 2>/dev/null)
    head -c 400M /dev/zero >"$data/filler" 2>"$work/filled" || true
    # Perhaps there is room enough for that in the files that are there.
    # shellcheck disable=SC2317 # wait_until calls it
    goes_wrong_or_ends() {
        grep -qE 'operation_(unfinished|broken)' "$server_log" || pilothouse operation show "$id" --json | grep -q '"done":true'
    }
    wait_until "the server says so, or is done" goes_wrong_or_ends
    rm "$data/filler"
    expect_refused pilothouse operation watch "$id"
    expect_contains "$output" failed
    expect_equal "brim" failed "$(pilothouse release show "quay/$space/brim" --json | json status)"
fi
expect_runs install wet
nothing_is_left() { [ -z "$(find "$data/runs" -type f)" ]; }
wait_until "no files of runs are left" nothing_is_left
stop_server
expect_equal "cores" "" "$(find "$data" "$work" -maxdepth 2 -name 'core*')"
