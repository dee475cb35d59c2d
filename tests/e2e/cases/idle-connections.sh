#!/usr/bin/env bash
# Ten thousand idle connections cost little memory and no time: others are served, and each is answered in the end.
source "$(dirname "$0")/../lib.sh"
# The server raises its own limit of open files as far as it may.
ulimit -n 10200 2>/dev/null || ulimit -Hn 10200 2>/dev/null ||
    fail "10,200 open files are needed, $(ulimit -Hn) are allowed; type: ulimit -Hn 10200"
start_server --limits-connections 10100
address=${base#http://}

resident_kib() { awk '/^VmRSS/ {print $2}' "/proc/$server_pid/status"; }
cpu_ticks() { awk '{print $14 + $15}' "/proc/$server_pid/stat"; }

before=$(resident_kib)
coproc idle { exec python3 "$e2e/idle_connections.py" "${address%:*}" "${address#*:}" 10000; }
# shellcheck disable=SC2154 # coproc sets it
read -r -t 120 line <&"${idle[0]}" || fail "ten thousand connections could not be opened"
expect_equal "what the client says" open "$line"

# Between requests a connection holds no buffer. (A sanitizer's memory is not the server's.)
grown=$(($(resident_kib) - before))
echo "resident: $grown KiB more for 10000 idle connections"
grep -q '__asan_init\|__tsan_init' "$PILOTHOUSE" || [ "$grown" -lt $((60 * 1024)) ] ||
    fail "10,000 idle connections cost $grown KiB"

started=$(cpu_ticks)
for _ in 1 2 3; do expect_status 200 --max-time 10 "$base/-/ready"; done
[ $(($(cpu_ticks) - started)) -lt 100 ] || fail "a second of processor time for three requests"

echo >&"${idle[1]}"
read -r -t 120 line <&"${idle[0]}" || fail "the idle connections were not answered"
expect_equal "answers on connections that were idle" 10000 "$line"
