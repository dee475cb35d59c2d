#!/usr/bin/env bash
# What is imported, from a web server, a folder or a ChartMuseum storage, and exported again, says
# of each chart what `helm repo index` writes.
#
# With PILOTHOUSE_E2E_FULL=1 with all real archives, otherwise with some sixty of them.
source "$(dirname "$0")/../lib.sh"
open_house public
make_keys
a_set "$work/set"
signed=$(pack_signed hello 2.0.0)
cp "$signed" "$signed.prov" "$work/set"
count=$(find "$work/set" -name '*.tgz' | wc -l)
channel() { repo=$api/projects/$project/packages/helm/$1; }
import() { expect_runs pilothouse import fleet/charts "$@"; }
# import_json ARGS…: the report alone in $output.
import_json() { pilothouse import fleet/charts "$@" --json >"$output" 2>"$work/progress"; }

# From a web server, whose index is YAML as Helm 3 writes it.
helm 3 repo index "$work/set"
mkdir "$work/times" && helm 3 repo index --json "$work/set" && cp "$work/set/index.yaml" "$work/times"
helm 3 repo index "$work/set" --merge "$work/times/index.yaml"
serve_folder origin "$work/set"
origin=$(<"$work/origin.address")
import stable "$origin" --allow-private
expect_contains "$output" "imported $count, already there 0, refused 0"
channel stable
fetch_index "$work/ours"
"$e2e/compare_index.py" "$work/ours" "$work/times/index.yaml"
expect_status 200 --user "skipper:$token" "$repo/charts/hello-2.0.0.tgz.prov"
expect_same "the .prov" "$signed.prov" "$answer"

# Again: only the index is asked for.
: >"$work/origin.address.log"
import_json stable "$origin/index.yaml" --allow-private
expect_equal "imported again" 0 "$(json imported <"$output")"
expect_equal "already there" "$count" "$(json already_there <"$output")"
expect_equal "what was asked for" "/index.yaml -" "$(<"$work/origin.address.log")"

# The same set as a folder, the index as JSON, with absolute URLs of a place that is not there.
helm 4 repo index --json --url https://charts.invalid/x "$work/set"
import_json folder "$work/set"
expect_equal "imported from the folder" "$count" "$(json imported <"$output")"
channel folder
fetch_index "$work/folder"
"$e2e/compare_index.py" "$work/folder" "$work/set/index.yaml"
same_times "$work/folder" "$work/set/index.yaml"

# As ChartMuseum stores it: no index, `created` is the time of the file.
mkdir "$work/museum" && cp -p "$work/set/"*.tgz* "$work/museum"
touch -d 2020-02-02T02:02:02Z "$work/museum/hello-1.0.0.tgz"
import museum "$work/museum"
expect_contains "$output" "imported $count, already there 0, refused 0"
channel museum
fetch_index "$work/museum-index"
"$e2e/compare_index.py" "$work/museum-index" "$work/set/index.yaml"
expect_contains "$work/museum-index" '"created":"2020-02-02T02:02:02.000000000Z"'
expect_status 200 --user "skipper:$token" "$repo/charts/hello-2.0.0.tgz.prov"
expect_refused pilothouse import fleet/charts tenants "$work"
expect_contains "$output" "$work/museum"

# A signature that comes to the folder later is taken along by a second import.
later=$(pack_signed tide 9.0.0)
cp "$later" "$work/museum"
import museum "$work/museum"
cp "$later.prov" "$work/museum"
import museum "$work/museum"
expect_status 200 --user "skipper:$token" "$repo/charts/tide-9.0.0.tgz.prov"

# Exported: any web server, and Helm.
expect_runs pilothouse export fleet/charts stable "$work/exported"
expect_contains "$output" "exported $count versions"
helm 4 repo index --json "$work/exported/charts"
mv "$work/exported/charts/index.yaml" "$work/helms"
"$e2e/compare_index.py" "$work/exported/index.yaml" "$work/helms"
same_entries "index and export" "$work/ours" "$work/exported/index.yaml"
serve_folder copy "$work/exported"
copy=$(<"$work/copy.address")
for helm in 3 4; do
    expect_runs helm $helm repo add copy "$copy"
    expect_runs helm $helm pull copy/hello --version 2.0.0 --verify --keyring "$public_keys" \
        --destination "$(mktemp -d -p "$work")"
done

# Imported from the export, the channel is the same again, `created` included; from its folder too,
# where the index names another place.
import back "$copy" --allow-private
channel back
fetch_index "$work/back"
same_entries "import of an export" "$work/ours" "$work/back"
expect_runs pilothouse export fleet/charts stable "$work/exported" --url https://charts.invalid/y/
expect_contains "$output" " 0 files written"
expect_contains "$work/exported/index.yaml" '"urls":["https://charts.invalid/y/charts/hello-1.0.0.tgz"]'
import again "$work/exported"
channel again
fetch_index "$work/again"
same_entries "import of an export's folder" "$work/ours" "$work/again"

# A folder of somebody else is left alone; an export follows its channel.
expect_refused pilothouse export fleet/charts stable "$work/museum"
expect_refused pilothouse export fleet/charts back "$work/exported"
expect_runs pilothouse chart remove fleet/charts stable hello 2.0.0
expect_runs pilothouse export fleet/charts stable "$work/exported"
[ ! -e "$work/exported/charts/hello-2.0.0.tgz.prov" ] || fail "a removed version is still exported"
expect_lacks "$work/exported/index.yaml" hello-2.0.0

# Without a server the same commands work on the folder.
stop_server
import still "$work/exported"
expect_runs pilothouse export fleet/charts still "$work/still"
expect_equal "versions without a server" "$((count - 1))" "$(find "$work/still/charts" -name "*.tgz" | wc -l)"
