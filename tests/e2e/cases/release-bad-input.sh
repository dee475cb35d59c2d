#!/usr/bin/env bash
# What must not be installed is refused with its reason, by command and over HTTP: nothing is queued,
# nothing is executed, nothing is in the cluster.
source "$(dirname "$0")/../lib.sh"
open_releases
serve_releases 4
canary=$work/canary
HELLO=$CHANNEL/hello@1.0.0
long=$(printf 'n%.0s' {1..64})

# no STATUS WORDS JSON: over HTTP.
no() {
    expect_status "$1" --header "PRIVATE-TOKEN: $TOKEN" --json "$3" "$api/clusters/quay/releases"
    expect_contains "$answer" "$2"
}
# with MEMBERS: the body of an installation of hello, and these.
with() { printf '{"product_version_id": "%s", %s}' "$HELLO" "$1"; }
# no_values WORDS FILE: the same by command and over HTTP.
no_values() {
    expect_refused pilothouse release install quay "$HELLO" -f "$2"
    expect_contains "$output" "$1"
    python3 - "$2" "$HELLO" >"$work/body" <<'PYTHON'
import json, sys
text = open(sys.argv[1], "rb").read().decode("utf-8", "replace")
print(json.dumps({"product_version_id": sys.argv[2], "values": text}))
PYTHON
    expect_status 400 --header "PRIVATE-TOKEN: $TOKEN" --json "@$work/body" "$api/clusters/quay/releases"
    expect_contains "$answer" "$1"
}
# no_install WORDS ARGS…: by command.
no_install() {
    expect_refused pilothouse release install quay "${@:2}"
    expect_contains "$output" "$1"
}

# --- values

value() { cat >"$work/values.yaml" && no_values "$1" "$work/values.yaml"; }
value 'values' <<<'a: ['
value 'values' <<<'a: b: c'
value 'values' <<<$'a:\n\t- b'
value 'values' <<<'[1, 2]'
value 'values' <<<'just words'
value 'values' <<<$'a: 1\na: 2'
value 'values' <<<$'a: 1\n---\nb: 2'
printf 'a: "\0"\n' | value 'values'
# Aliases that explode: nine times nine times …
{
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    for level in {1..8}; do
        below="*a$((level - 1))"
        echo "a$level: &a$level [$below, $below, $below, $below, $below, $below, $below, $below, $below]"
    done
} | value 'values'
for number in {1..10001}; do echo "key$number: 1"; done | value 'values'
printf '%s' 'a: ' "$(printf '{a: %.0s' {1..60})" 1 "$(printf '}%.0s' {1..60})" | value 'values'
head -c 600K /dev/zero | tr '\0' 'x' | sed 's/^/a: /' | value 'values'

no_install 'a.b' "$HELLO" --set a=1 --set a.b=2
no_install 'a' "$HELLO" --set a.b=1 --set a=2
no_install 'a' "$HELLO" --set a=1 --set a=2
no_install 'list' "$HELLO" --set 'list[1001]=2'
no_install 'a' "$HELLO" --set 'a=['
no_install '=' "$HELLO" --set a
no 400 set "$(with '"set": ["=1"]')"
no 400 segment "$(with '"set": ["a..b=1"]')"
no 400 256 "$(with '"set": '"$(python3 -c 'import json; print(json.dumps([f"k{i}=1" for i in range(257)]))')")"
no 400 a "$(with '"set": ["a=1", "a.b=2"]')"
no 400 applicationName "$(with '"set": ["applicationName=one"], "name": "two"')"
no 400 namespace "$(with '"set": ["namespace=one"], "namespace": "two"')"
no 400 values "$(with '"values": ["a"]')"
no 400 timeout "$(with '"timeout": "-3s"')"
no 400 timeout "$(with '"timeout": "0.1s"')"
no 400 timeout "$(with '"timeout": "2h"')"

# --- names

for name in --debug -n --post-renderer=touch --kubeconfig=/etc/passwd '' ' ' ../up a/b Upper a_b $'a\nb' "a;touch $canary" \
    "\$(touch $canary)" "$long" -; do
    expect_refused pilothouse release install quay "$HELLO" "--name=$name" -n "bad"
    expect_refused pilothouse release install quay "$HELLO" "--namespace=$name" --name good
    body=$(python3 -c 'import json, sys; print(json.dumps({"product_version_id": sys.argv[1], sys.argv[2]: sys.argv[3]}))' \
        "$HELLO" name "$name")
    [ -z "$name" ] || no 400 name "$body"
    [ -z "$name" ] || no 400 name "${body/\"name\"/\"namespace\"}"
done
for version in --debug "$CHANNEL/--debug@1.0.0" "$CHANNEL/hello@--version" "$CHANNEL/../hello@1.0.0" "/etc/passwd@1" \
    'https://charts.invalid/a.tgz' 'oci://charts.invalid/a' "$CHANNEL/hello@9.9.9" "pv99999" 'evil://x'; do
    expect_refused pilothouse release install quay "$version"
    request --header "PRIVATE-TOKEN: $TOKEN" --json "{\"product_version_id\": \"$version\"}" "$api/clusters/quay/releases"
    [ "$status" = 400 ] || [ "$status" = 404 ] || fail "the version $version is answered $status"
done
for body in '' '{' '[]' '7' '{"product_version_id": 7}' '{"product_version_id": null}'; do
    request --header "PRIVATE-TOKEN: $TOKEN" --json "$body" "$api/clusters/quay/releases"
    [ "$status" = 400 ] || [ "$status" = 404 ] || fail "the body $body is answered $status"
done

# --- namespaces

no_install 'kube-' "$HELLO" -n kube-system
no 400 'kube-' "$(with '"namespace": "kube-public"')"
no 400 'kube-' "$(with '"set": ["namespace=kube-system"]')"
expect_runs pilothouse cluster edit quay --allow-namespace 'team-*'
no_install 'team-*' "$HELLO" -n teams
no 400 'team-*' "$(with '"namespace": "default"')"
no 400 'team-*' "$(with '"set": ["namespace=shop"]')"
expect_runs pilothouse cluster edit quay --allow-any-namespace

# --- charts

no_install 'library' "$CHANNEL/rigging"
no_install 'schema' "$CHANNEL/reef@1.0.0"
expect_lacks "$output" root:
no_install 'kubeVersion' "$CHANNEL/atoll@1.0.0"
no_install 'colour' "$CHANNEL/buoy@1.0.0" --set colour=mauve
expect_lacks "$output" mauve

# --- kubeconfigs

# no_kubeconfig WORDS EXPRESSION: one that sed has changed so.
no_kubeconfig() {
    sed -E "$2" "$kubeconfig" >"$work/odd.kubeconfig"
    expect_refused pilothouse cluster add odd --kubeconfig "$work/odd.kubeconfig" --shared
    expect_contains "$output" "$1"
}
runs="exec: {command: touch, args: ['$canary'], apiVersion: client.authentication.k8s.io\/v1, interactiveMode: Never}"
runs=${runs//$canary/${canary//\//\\\/}}
no_kubeconfig exec "s/user: \{.*/user: {$runs}/"
no_kubeconfig exec "s/user: \{/user: {$runs, /"
no_kubeconfig '' "s/user: \{.*/user: \&u {$runs}\n- name: again\n  user: *u/"
no_kubeconfig '' "s/user: \{/user: {<<: {$runs}, /"
no_kubeconfig '' "s/^users:/users:\n- name: user\n  user: {$runs}/"
no_kubeconfig '' '1,99d'
no_kubeconfig '' 's/^kind: Config/kind: [/'

expect_equal "operations" '[]' "$(pilothouse operation list quay --json)"
expect_equal "releases" '[]' "$(pilothouse release list quay --json)"
expect_equal "what Helm has" "" "$(helm 4 list --all-namespaces --short)"
[ ! -e "$canary" ] || fail "something was executed"
expect_equal "children of the server" "" "$(pgrep --parent "$server_pid" || true)"

# --- what only the cluster can say, or a setting

# A kind of its own comes before the objects of it.
expect_runs pilothouse release install quay "$CHANNEL/beacon@1.0.0" -n bad
expect_runs kube /apis/fleet.invalid/v1/namespaces/bad/fires/beacon
# It may look things up with the cluster's credentials, and asks no name server.
expect_runs pilothouse release install quay "$CHANNEL/sextant" -n bad
kube /api/v1/namespaces/bad/configmaps/sextant-seen >"$answer"
expect_equal "the address that it found" "" "$(json data address <"$answer")"
expect_runs pilothouse release install quay "$CHANNEL/tide@1.4.0" -n bad
stop_server
serve_releases 4 --releases-deprecated-charts no
expect_refused pilothouse release install quay "$CHANNEL/tide@1.4.0" -n bad --name again
expect_contains "$output" deprecated
