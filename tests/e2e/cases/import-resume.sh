#!/usr/bin/env bash
# An import or an export that is killed, or whose server is, goes on where it was.
source "$(dirname "$0")/../lib.sh"
open_house public
for number in $(seq 60); do pack hello "0.$number.0" >/dev/null; done
helm 4 repo index --json "$work/packed"
serve_folder origin "$work/packed"
origin=$(<"$work/origin.address")
asked=$work/origin.address.log
import() { exec "$PILOTHOUSE" import fleet/charts stable "$origin" --allow-private --data "$data" "$@"; }
# import_up_to VERSION: starts an import that waits for this archive; the newest come first.
import_up_to() {
    echo "hello-$1.tgz" >"$work/origin.address.hold"
    : >"$asked"
    import >"$output" 2>&1 &
    importing=$!
    wait_until "the import asks for $1" grep -q "hello-$1.tgz " "$asked"
}

# Killed, beside a server and without one.
for version in 0.50.0 0.40.0 0.30.0 0.25.0; do
    [ $version != 0.30.0 ] || stop_server
    import_up_to $version
    kill -KILL "$importing"
    ! wait "$importing" || fail "the import was over before it was killed"
done
[ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'pilothouse-import-*')" ] || fail "a file was left"

# The server killed: the import says so, and what to do.
start_server
import_up_to 0.20.0
kill_server
rm "$work/origin.address.hold"
! wait "$importing" || fail "the import did not notice that the server was killed"
expect_contains "$output" "the same command goes on from here"

# What was taken is not asked for again; the rest comes.
start_server
: >"$asked"
(import --json) >"$output" 2>/dev/null
expect_equal "what was there already" 40 "$(json already_there <"$output")"
expect_equal "what came" 20 "$(json imported <"$output")"
expect_equal "what was asked for" 20 "$(grep -c '\.tgz -' "$asked")"
repo=$api/projects/$project/packages/helm/stable
fetch_index "$work/ours"
"$e2e/compare_index.py" "$work/ours" "$work/packed/index.yaml"
same_times "$work/ours" "$work/packed/index.yaml"

# An export that is killed leaves no index that names what is not there. It waits here for a pipe
# that nobody reads.
expect_runs pilothouse export fleet/charts stable "$work/exported"
rm "$work/exported/index.yaml" "$work"/exported/charts/hello-0.[1-3]?.0.tgz
waiting=$work/exported/charts/.draft-hello-0.20.0.tgz
mkfifo "$waiting"
"$PILOTHOUSE" export fleet/charts stable "$work/exported" --data "$data" >"$output" 2>&1 &
exporting=$!
wait_until "some archives are written" test -e "$work/exported/charts/hello-0.21.0.tgz"
kill -KILL $exporting
! wait $exporting || fail "the export was over before it was killed"
[ ! -e "$work/exported/index.yaml" ] || fail "there is an index before all archives"
rm "$waiting"
touch "$work/exported/charts/.draft-hello-0.19.0.tgz" "$work/exported/charts/.draft-gone-1.0.0.tgz"
expect_runs pilothouse export fleet/charts stable "$work/exported" --json
expect_equal "what was there already" 49 "$(json files_kept <"$output")"
same_entries "the export" "$work/ours" "$work/exported/index.yaml"
expect_equal "nothing else in the folder" "$(printf '%s\n' .pilothouse-export charts index.yaml)" \
    "$(ls -A "$work/exported")"
for name in "$work"/packed/*.tgz; do
    expect_same "$(basename "$name")" "$name" "$work/exported/charts/$(basename "$name")"
done
expect_equal "files of the export" 60 "$(find "$work/exported/charts" -type f | wc -l)"
