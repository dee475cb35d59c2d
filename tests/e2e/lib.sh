# Helpers of the end-to-end scripts: one server, real clients, one temporary folder, no leftovers.
#
# A script sources this first. What is told to the script comes in by PILOTHOUSE, the program under
# test; everything it makes lies in $work, which goes away at the end (E2E_KEEP=1 keeps it).
# shellcheck shell=bash
set -Eeuo pipefail

e2e=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_root=$(cd "$e2e/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/pilothouse-e2e.XXXXXX")
data=$work/data
server_log=$work/server.log
server_pid=
helpers=() # processes that end with the script

# Nothing of the user's own settings gets in.
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
for name in $(compgen -e HELM_); do unset "$name"; done

clean_up() {
    local status=$?
    trap - EXIT ERR
    # A script that went well ends its server in order too, so that a sanitizer has its say.
    if [ $status -eq 0 ] && [ -n "$server_pid" ]; then
        end_server || { echo "FAILED: ${0##*/}: the server ended with $?" >&2 && status=1; }
    fi
    [ -z "$server_pid" ] || kill_server
    [ ${#helpers[@]} -eq 0 ] || kill "${helpers[@]}" 2>/dev/null || true
    [ ! -d "$work/gnupg" ] || gpgconf --homedir "$work/gnupg" --kill all || true
    [ ! -s "$work/cluster/ports" ] || "$e2e/control_plane" stop "$work/cluster" || status=1
    [ $status -eq 0 ] || show_what_happened
    if [ -n "${E2E_KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
    exit $status
}

show_what_happened() {
    show_end "$work/answer.headers" 20
    show_end "$work/answer" 20
    show_end "$work/output" 20
    show_end "$server_log" 80
}

show_end() {
    [ -s "$1" ] || return 0
    printf -- '--- the end of %s:\n%s\n' "$(basename "$1")" "$(tail -n "$2" "$1" | cut -c 1-2000)"
}

trap clean_up EXIT
trap 'echo "FAILED: ${BASH_SOURCE[0]##*/}:$LINENO: $BASH_COMMAND" >&2' ERR

fail() {
    local frame=$((${#BASH_LINENO[@]} - 2))
    echo "FAILED: ${0##*/}:${BASH_LINENO[$frame]}: $*" >&2
    exit 1
}

# wait_until WHAT COMMAND…: polls until the command succeeds, at most 20 seconds.
wait_until() { poll "${@:2}" || fail "waited 20 s in vain: $1"; }

poll() {
    local deadline=$((SECONDS + 20))
    until "$@"; do
        [ $SECONDS -lt $deadline ] || return 1
        sleep 0.02
    done
}

# --- the program under test

: "${PILOTHOUSE:?is not set: it names the program under test (tests/e2e/run finds a built one)}"

# pilothouse COMMAND…: the command line, on the data folder of this script.
pilothouse() { "$PILOTHOUSE" "$@" --data "$data"; }

# shellcheck disable=SC2120 # only some scripts pass arguments
# start_server [ARGS…]: on a free port; sets base, api and server_pid when it is ready. With the
# setting base_path, a variable of that name says so too.
start_server() {
    rm -f "$data/address"
    "$PILOTHOUSE" serve --data "$data" --listen 127.0.0.1:0 "$@" >>"$server_log" 2>&1 &
    server_pid=$!
    wait_until "the server names its address" server_listens
    base=$(<"$data/address")
    # shellcheck disable=SC2034 # the scripts read it
    api=$base/api/v4
    wait_until "the server is ready" curl --silent --fail --output /dev/null "$base${base_path:-}/-/ready"
}

server_listens() {
    kill -0 "$server_pid" 2>/dev/null || fail "the server ended before it listened"
    [ -s "$data/address" ]
}

# stop_server: asks with SIGTERM; the server has to end in order.
stop_server() {
    local status=0
    end_server || status=$?
    server_pid=
    expect_equal "the exit status of a server that was asked to stop" 0 "$status"
}

# end_server: the same; its exit status, or 124 when it does not end in time.
end_server() {
    kill -TERM "$server_pid" || return
    poll server_ended || return 124
    wait "$server_pid"
}
server_ended() { ! kill -0 "$server_pid" 2>/dev/null; }

# kill_server: as a power cut would, for the process.
kill_server() {
    kill -KILL "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    server_pid=
}

# --- expectations

# request CURL-ARGS…: one request; sets status, leaves the answer in $answer and $headers.
answer=$work/answer
headers=$work/answer.headers
request() {
    local told
    told=$(curl --silent --show-error --max-time 60 --output "$answer" --dump-header "$headers" \
        --write-out '%{http_code} %{size_download} %{method} %{url_effective} %{content_type}' "$@")
    status=${told%% *}
    # shellcheck disable=SC2086 # its words
    [ ! -d "$answers" ] || record_answer $told
}

# record_answers: from now on all that request() gets is kept; expect_documented compares that with
# the OpenAPI document of the server.
answers=$work/answers answers_kept=0
record_answers() { mkdir "$answers"; }
record_answer() { # STATUS SIZE METHOD URL [TYPE…]
    answers_kept=$((answers_kept + 1))
    head --bytes "$2" "$answer" >"$answers/$answers_kept" 2>/dev/null || true # there may be none
    echo "$1" "${@:3}" >"$answers/$answers_kept.told"
}
expect_documented() {
    need_clients SCHEMATHESIS schemathesis
    SSL_CERT_FILE=${CURL_CA_BUNDLE:-} expect_runs "$SCHEMATHESIS" "$e2e/openapi_answers.py" "$base" "$answers"
}

# expect_status WANTED CURL-ARGS…
expect_status() {
    local wanted=$1
    shift
    request "$@"
    [ "$status" = "$wanted" ] || fail "wanted status $wanted, got $status: curl $*"
}

expect_equal() { [ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"; }

# expect_contains FILE TEXT: byte for byte, in one line.
expect_contains() { grep -qF -e "$2" "$1" || fail "'$2' is not in: $(head -c 600 "$1")"; }
expect_lacks() { ! grep -qF -e "$2" "$1" || fail "'$2' must not be in: $(head -c 600 "$1")"; }

# expect_same WHAT FILE FILE: the very same bytes.
expect_same() { cmp -s "$2" "$3" || fail "$1: $2 and $3 differ"; }

# expect_runs COMMAND…, expect_refused COMMAND…: what it says is in $output.
output=$work/output
expect_runs() { "$@" >"$output" 2>&1 || fail "exit status $?: $*"; }
expect_refused() { ! "$@" >"$output" 2>&1 || fail "was not refused: $*"; }

# json KEY…: the value there in the JSON text on standard input; a string without its quotes.
json() {
    python3 -c '
import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1:]:
    value = value[int(key) if isinstance(value, list) else key]
print(value if isinstance(value, str) else json.dumps(value))' "$@"
}

sha256() { sha256sum "$1" | cut -d' ' -f1; }

# --- the real clients

# need_clients VARIABLE TOOL…: those tools, built when they are not there, unless VARIABLE is set.
need_clients() {
    local clients
    [ -z "${!1:-}" ] || return 0
    clients=$("$source_root/tools/clients/install" "${@:2}")
    eval "$clients"
}
need_clients HELM4 helm4 helm3 helm-push python-gitlab go-client

# helm 3|4 ARGS…: that Helm, with the push plugin, and a home of its own in this script's folder.
helm() {
    local home=$work/helm$1 binary=HELM$1 plugins=CM_PUSH_PLUGINS$1
    shift
    HELM_CACHE_HOME="$home/cache" HELM_CONFIG_HOME="$home/config" HELM_DATA_HOME="$home/data" \
        HELM_PLUGINS="${!plugins}" KUBECONFIG="${kubeconfig:-/dev/null}" "${!binary}" "$@"
}

# shellcheck source=house.sh
source "$e2e/house.sh"
# shellcheck source=releases.sh
source "$e2e/releases.sh"
# shellcheck source=cluster.sh
source "$e2e/cluster.sh"
