#!/usr/bin/env bash
# `check-config` finds what a start would trip over, and changes nothing.
# shellcheck disable=SC2016 # backticks are the program's own, and fish has its own variables
source "$(dirname "$0")/../lib.sh"
cd "$work"
# Good ones, over which flags win.
check() { PILOTHOUSE_DATA=$data PILOTHOUSE_LISTEN=127.0.0.1:0 "$PILOTHOUSE" check-config "$@"; }
says() {
    local wanted=$1
    shift
    expect_refused check "$@"
    expect_contains "$output" "$wanted"
}

expect_runs check
expect_contains "$output" "the settings are good"
[ ! -e "$data" ] || fail "it made a data folder"
says 'cannot listen at 256.1.1.1:80' --listen 256.1.1.1:80
says 'cannot listen at 192.0.2.1:8080' --listen 192.0.2.1:8080
says '`metrics.listen`: cannot listen at 192.0.2.1:1' --metrics-listen 192.0.2.1:1
says "$work/none.pem" --tls-certificate "$work/none.pem" --tls-key "$work/none.pem"
echo text >file
says "$work/file is no folder" --data "$work/file"
mkdir foreign && echo text >foreign/letter
says "is no data folder of Pilothouse" --data "$work/foreign"
expect_equal "what is in it" letter "$(ls foreign)"
says '`data` takes the path of a folder' --data ''
mkdir newer && echo 99 >newer/VERSION
says "start a newer Pilothouse" --data "$work/newer"
PILOTHOUSE_DATA='' expect_runs "$PILOTHOUSE" check-config --listen 127.0.0.1:0
[ ! -e "$work/data/VERSION" ] || fail "it made a data folder"

# Several at once, and --show shows the settings all the same.
expect_refused check --data "$work/file" --listen 256.1.1.1:80 --show
expect_contains "$output" "$work/file is no folder"
expect_contains "$output" "256.1.1.1:80: "
expect_contains "$output" "threads: 0  # default"

# Beside a server that runs on the same settings.
start_server
expect_runs check --data "$data" --listen "${base#http://}"
stop_server
before=$(cd "$data" && find . -type f -exec sha256sum {} + | sort)
expect_runs check
expect_equal "the data folder" "$before" "$(cd "$data" && find . -type f -exec sha256sum {} + | sort)"

# Mistyped words.
expect_refused check --lisen 127.0.0.1:0
expect_contains "$output" 'Did you mean `pilothouse check-config --listen`?'
expect_refused "$PILOTHOUSE" servee --data x
expect_contains "$output" 'Did you mean `pilothouse serve`?'
expect_refused "$PILOTHOUSE" --data x serve
expect_contains "$output" '`serve` must be the first word'
expect_runs "$PILOTHOUSE" help serve
expect_contains "$output" "--limits-idle-time"
