#!/usr/bin/env bash
# Sources that lie, loop, break off or lead elsewhere: each file has its reason, nothing is stored
# of it, and the rest comes.
source "$(dirname "$0")/../lib.sh"
open_house public
set=$work/set
mkdir "$set"
cp "$(pack hello 1.0.0)" "$(pack hello 1.1.0)" "$(pack hello 1.2.0)" "$(pack tide)" "$set"
good=$(basename "$(pack hello 1.0.0)")
echo "this is no chart" >"$set/page.tgz"
echo "<html>not there</html>" >"$set/page.html"
serve_folder origin "$set"
origin=$(<"$work/origin.address")
port=${origin##*:}

# write_index NAME ROW…: $set/NAME-index.yaml; a row is VERSION=URL[=DIGEST].
write_index() {
    python3 - "$set/$1-index.yaml" "${@:2}" <<'PYTHON'
import json, sys
entries = []
for row in sys.argv[2:]:
    version, url, *digest = row.split("=")
    entries.append({"name": "hello", "version": version, "urls": [url] if url else [],
                    **({"digest": digest[0]} if digest else {})})
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({"apiVersion": "v1", "entries": {"hello": entries}}, file)
PYTHON
}
# import_from CHANNEL ARGS…: leaves the report in $output, the status in $status.
import_from() {
    status=0
    timeout 100 "$PILOTHOUSE" import fleet/charts "$1" --json --data "$data" "${@:2}" \
        >"$output" 2>"$work/err" || status=$?
}
# reason VERSION: why it was refused.
reason() {
    python3 -c '
import json, sys
for refused in json.load(open(sys.argv[1]))["refused"]:
    if refused["file"] == f"hello-{sys.argv[2]}.tgz": print(refused["reason"])' "$output" "$1"
}
# refused_for VERSION TEXT
refused_for() {
    local why
    why=$(reason "$1")
    [[ $why == *"$2"* ]] || fail "version $1: wanted '$2' as the reason, got '$why'"
}

digest=$(sha256 "$set/$good")
none=0000000000000000000000000000000000000000000000000000000000000000
write_index many \
    "1.0.0=$origin/$good=$digest" \
    "2.0.1=/bad/loop/a" "2.0.2=/bad/hops/" "2.0.3=/bad/scheme" "2.0.4=/bad/short" \
    "2.0.5=/bad/lies/$good=$digest" "2.0.6=/bad/endless" "2.0.7=/bad/nonsense" "2.0.8=/bad/404" \
    "2.0.9=/bad/500" "2.0.10=/bad/huge" "2.0.11=/page.tgz" "2.0.12=/page.html" \
    "2.0.13=/$good=$none" "2.0.14=/$good" "2.0.15=" "2.0.16=ftp://127.0.0.1/x" \
    "2.0.17=http://127.0.0.1:1/x" "2.0.18=http://user:word@127.0.0.1:$port/$good" \
    "2.0.19=/$good=rubbish" $'2.0.20=/a\nb' "2.0.21=http://no-such-host.invalid/x" \
    "1.1.0=/bad/busy/$(basename "$(pack hello 1.1.0)")" \
    "1.2.0=/bad/cut/$(basename "$(pack hello 1.2.0)")"
import_from stable "$origin/bad/index/many" --allow-private --limit-archive 1000000
expect_equal "the exit status" 1 "$status"
expect_equal "what was good, or came good in a moment" 3 "$(json imported <"$output")"
refused_for 2.0.1 "redirected in a circle"
refused_for 2.0.2 "redirected too often"
refused_for 2.0.3 "not an http or https URL"
refused_for 2.0.4 "cut off"
refused_for 2.0.5 "the index promises"
refused_for 2.0.6 "too large"
refused_for 2.0.7 "not HTTP"
refused_for 2.0.8 "answered 404"
refused_for 2.0.9 "answered 500"
refused_for 2.0.10 "too large"
refused_for 2.0.11 "gzip"
refused_for 2.0.12 "gzip"
refused_for 2.0.13 "the index promises $none"
refused_for 2.0.14 "another chart or version: $good"
refused_for 2.0.15 "no URL"
refused_for 2.0.16 "not an http or https URL"
refused_for 2.0.17 "connecting to"
refused_for 2.0.18 "credentials are given apart"
refused_for 2.0.19 "no SHA-256"
refused_for 2.0.20 "control character"
refused_for 2.0.21 "cannot be looked up"
expect_equal "refused" 21 "$(python3 -c 'import json,sys; print(len(json.load(sys.stdin)["refused"]))' <"$output")"
expect_equal "versions in the channel" 3 "$(pilothouse chart list fleet/charts stable --json |
    python3 -c 'import json,sys; print(len(json.load(sys.stdin)))')"
pilothouse gc --grace 0 --json >"$answer" # what was refused left no bytes behind
expect_equal "left behind" 0 "$(json blobs_removed <"$answer")"
expect_equal "staged" "" "$(ls "$data/staging")"

# Indexes that are none: nothing begins.
echo "just text" >"$set/text-index.yaml"
echo "apiVersion: [" >"$set/broken-index.yaml"
echo "entries: {}" >"$set/versionless-index.yaml"
: >"$set/empty-index.yaml"
printf 'apiVersion: v1\nx: &a [*a]\nentries: {}\n' >"$set/alias-index.yaml"
python3 - "$set" <<'PYTHON'
import sys
folder = sys.argv[1]
def write(name, text):
    open(f"{folder}/{name}-index.yaml", "w", encoding="utf-8").write(text)
write("list", "apiVersion: v1\nentries: [a, b]\n")
write("deep", "apiVersion: v1\nentries: " + "[" * 100_000)
write("deep-json", '{"apiVersion":"v1","entries":' + "[" * 100_000)
write("brackets", "apiVersion: v1\nentries: {a: [[" + "{a: b}, " * 300_000 + "]]}\n")
write("anchors", "apiVersion: v1\nentries:\n" + "".join(f"- &a{n} x\n" for n in range(200_000)))
write("large", "apiVersion: v1\ndescription: " + "x" * 3_000_000 + "\nentries: {}\n")
PYTHON
for name in text broken versionless empty list deep deep-json brackets anchors; do
    import_from edge "$origin/bad/index/$name" --allow-private
    expect_equal "the exit status of $name" 1 "$status"
    expect_contains "$work/err" "not the index of a chart repository"
done
import_from edge "$origin/bad/index/large" --allow-private --limit-index 2000000
expect_equal "the exit status of a large index" 1 "$status"
expect_contains "$work/err" "too large"
import_from edge "$origin/bad/index/alias" --allow-private # odd, but an index without charts
expect_equal "the exit status of an empty index" 0 "$status"
for what in loop/index.yaml short nonsense 404; do
    import_from edge "$origin/bad/$what/index.yaml" --allow-private
    expect_equal "the exit status of an index at $what" 1 "$status"
    expect_equal "the report of an index at $what" "" "$(<"$output")"
done
import_from nowhere "$work/not-there"
expect_contains "$work/err" "not-there"
import_from no--channel "$set"
expect_equal "the exit status of a bad channel" 1 "$status"

# Login: sent to the source's own origin, and to nobody else.
cp "$set/many-index.yaml" "$set/index.yaml"
write_index private "1.0.0=$good=$digest" "1.1.0=/away/hello-1.1.0.tgz"
cp "$set/private-index.yaml" "$set/index.yaml"
echo whistle >"$work/password"
printf anchor >"$work/token"
import_from private "$origin/private" --allow-private
expect_contains "$work/err" "answered 401"
: >"$work/origin.address.log"
import_from private "$origin/private" --allow-private --user bosun --password-file "$work/password"
expect_equal "the exit status with a login" 0 "$status"
expect_equal "imported with a login" 2 "$(json imported <"$output")"
expect_contains "$work/origin.address.log" "/private/index.yaml Basic"
expect_contains "$work/origin.address.log" "/away/hello-1.1.0.tgz Basic" # the origin itself
expect_contains "$work/origin.address.log" "/hello-1.1.0.tgz -"          # where it leads
import_from private-2 "$origin/private" --allow-private --source-token-file "$work/token"
expect_equal "imported with a token" 2 "$(json imported <"$output")"

# Addresses that are not public need --allow-private.
import_from inside "$origin"
expect_contains "$work/err" "has no public address"
import_from inside "http://localhost:$port"
expect_contains "$work/err" "has no public address"
import_from inside "http://2130706433:$port" # 127.0.0.1 as one number
expect_contains "$work/err" "has no public address"
import_from inside "http://[::ffff:127.0.0.1]:$port"
expect_contains "$work/err" "has no public address"

# Certificates: only those that are trusted, and of that name.
make_certificate() { # NAME SUBJECT-ALTERNATIVE-NAME
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" \
        -addext "subjectAltName=$2" -keyout "$work/$1.key" -out "$work/$1.pem" 2>"$work/openssl"
}
make_certificate right IP:127.0.0.1
make_certificate wrong DNS:charts.invalid
write_index private "1.0.0=$good=$digest"
cp "$set/private-index.yaml" "$set/index.yaml"
serve_folder safe "$set" 127.0.0.1 "$work/right.pem" "$work/right.key"
safe=$(<"$work/safe.address")
serve_folder other "$set" 127.0.0.1 "$work/wrong.pem" "$work/wrong.key"
other=$(<"$work/other.address")
import_from tls "$safe" --allow-private
expect_contains "$work/err" "certificate is not trusted: self-signed certificate"
import_from tls "$other" --allow-private --source-ca-file "$work/wrong.pem"
expect_contains "$work/err" "certificate is not trusted: hostname mismatch"
import_from tls "$safe" --allow-private --source-ca-file "$work/set"
expect_contains "$work/err" "no readable certificates"
import_from tls "$safe" --allow-private --source-ca-file "$work/right.pem"
expect_equal "imported over TLS" 1 "$(json imported <"$output")"

# In a network of its own this machine has a public address: from there, every way in is refused.
stop_server
write_index outside "1.0.0=/$good=$digest" "3.0.1=/bad/inside/$good" "3.0.2=http://localhost:1/x"
: >"$work/outside.log"
# shellcheck disable=SC2016 # the inner shell's
unshare --user --net --map-root-user bash -c '
    ip link set lo up && ip address add 11.22.33.44/32 dev lo
    python3 "$1" "$2" "$3/outside.address" 11.22.33.44 &
    until [ -s "$3/outside.address" ]; do sleep 0.02; done
    status=0
    "$PILOTHOUSE" import fleet/charts outside "$(<"$3/outside.address")/bad/index/outside" --json --data "$4" \
        >"$5" || status=$?
    kill $!
    exit $status' inside "$e2e/source_server.py" "$set" "$work" "$data" "$output" &&
    fail "a redirect to 127.0.0.1 was followed"
expect_equal "imported from outside" 1 "$(json imported <"$output")"
expect_contains "$output" "localhost has no public address"
expect_contains "$output" "127.0.0.1 has no public address"
