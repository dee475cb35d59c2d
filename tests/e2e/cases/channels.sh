#!/usr/bin/env bash
# What GitLab has nothing of, by its kind of API: channels, promotions, marks, retention, garbage.
source "$(dirname "$0")/../lib.sh"
start_server --log-format json
record_answers
pilothouse user create skipper --json >/dev/null
pilothouse user create root --admin --json >/dev/null
project=$(pilothouse project create fleet/charts --json | json id)
other=$(pilothouse project create fleet/other --visibility public --json | json id)
for place in fleet/charts fleet/other; do
    pilothouse member add $place skipper --role maintainer --json >/dev/null
done
token=$(new_token skipper)
root=$(new_token root)
repo=$api/projects/$project/packages/helm/stable
channels=$api/projects/$project/packages/helm/-/channels

# call METHOD STATUS PATH [CURL-ARGS…]: as skipper; told KEY… reads the answer.
call() { expect_status "$2" --request "$1" --header "PRIVATE-TOKEN: $token" "${@:4}" "$channels$3"; }
refused() { call "$1" "$2" "$3" "${@:5}" && expect_contains "$answer" "$4"; }
told() { json "$@" <"$answer"; }
versions() {
    call GET 200 "/$1/versions?per_page=100${2:+&chart=$2}"
    python3 -c 'import json, sys; print(*(v["version"] for v in json.load(sys.stdin)))' <"$answer"
}

# --- a thousand versions in one request: one commit, and every reader meets all of them or none

python3 "$e2e/many_charts.py" "$work/many" barge 1000
expect_runs pilothouse import fleet/charts edge "$work/many"
publish "$(pack hello 1.0.0)"
fetch_index "$work/index"
for reader in 1 2; do
    python3 "$e2e/watch_index.py" "$repo/index.yaml" "skipper:$token" "$work/stop" \
        >"$work/seen$reader" &
    readers[reader]=$!
    wait_until "reader $reader reads" test -s "$work/seen$reader"
done
call POST 201 /edge/promote --json '{"to": "stable", "chart": "barge"}'
cp "$answer" "$work/promoted"
fetch_index "$work/after"
touch "$work/stop"
for reader in 1 2; do
    wait "${readers[reader]}"
    expect_equal "the numbers of versions that a reader met" "1 1001" \
        "$(tr '\n' ' ' <"$work/seen$reader" | sed 's/ $//')"
done
python3 - "$work/promoted" "$work/after" "$project" <<'PYTHON'
import json, sys
promoted, index = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])
assert len(promoted) == 1000 and {p["outcome"] for p in promoted} == {"created"}, promoted[0]
assert len(index["entries"]["barge"]) == 1000
assert {p["promoted"]["from"] for p in promoted} == {"fleet/charts/edge"}
assert len({p["promoted"]["at"] for p in promoted}) == 1
PYTHON
call POST 201 /edge/promote --json '{"to": "stable", "chart": "barge"}'
expect_lacks "$answer" '"created"'

# --- channels

call GET 200 '?per_page=1'
expect_equal "the first channel" edge "$(told 0 name)"
expect_contains "$headers" "X-Total: 2"
expect_contains "$headers" 'rel="next"'
call GET 200 /stable
expect_equal "versions" 1001 "$(told versions)"
expect_equal "charts" 2 "$(told charts)"
call PUT 200 /stable --json '{"description": "what is run", "duplicates": "allow",
    "retention": {"newest": 3, "younger_than": "30d"}}'
call PUT 200 /stable --data 'retention[younger_than]=&retention[matching]=~1.0.0'
expect_equal "a rule that stays" 3 "$(told retention newest)"
expect_equal "a rule that went" null "$(told retention younger_than)"
call PUT 200 /stable --form index_format=yaml --form read_only=true
expect_equal "what was said before" "what is run" "$(told description)"
fetch_index "$work/yaml"
expect_equal "the index's first line" --- "$(head -1 "$work/yaml")"
refused POST 403 /edge/promote read_only --data 'to=stable&chart=barge&versions=1.0.0'
call PUT 200 /stable --json '{"index_format": null, "read_only": false, "retention": null,
    "duplicates": "inherit", "description": null}'
expect_equal "nothing set" inherit "$(told duplicates)"
expect_equal "no rule" null "$(told retention newest)"
refused PUT 400 /stable '"retention[newest] is invalid, retention[younger_than] is invalid"' \
    --json '{"retention": {"newest": "many", "younger_than": 7}}'
refused PUT 400 /stable "at least one parameter must be provided" --json '{}'
refused GET 404 /nowhere '{"message":"404 Channel Not Found"}'
refused GET 404 /nowhere/versions '{"message":"404 Channel Not Found"}'
refused GET 400 /no--channel '{"error":"channel is invalid"}'

# --- versions: by range into another project, moved, and what is refused

for version in 1.0.0 1.1.0 2.0.0 2.1.0-rc.1; do push "$(pack hello $version)" edge; done
expect_equal "versions of hello" "2.1.0-rc.1 2.0.0 1.1.0 1.0.0" "$(versions edge hello)"
call POST 201 /edge/promote --form to=mirror --form to_project=fleet/other --form range=^1 \
    --form chart=hello
expect_equal "where it came from" fleet/charts/edge "$(told 0 promoted from)"
call POST 201 /edge/promote --data "to=mirror&to_project=$other&chart=hello&versions=2.0.0&move=true"
expect_equal "what is left" "2.1.0-rc.1 1.1.0 1.0.0" "$(versions edge hello)"
expect_status 200 "$api/projects/$other/packages/helm/mirror/charts/hello-2.0.0.tgz"
fetch_index "$work/edge" "${repo%/*}/edge"
fetch_index "$work/mirror" "$api/projects/$other/packages/helm/mirror"
for index in edge mirror; do expect_contains "$work/$index" '"name":"hello","version":"1.1.0"'; done
expect_contains "$work/mirror" '"name":"hello","version":"2.0.0"'
expect_lacks "$work/edge" '"name":"hello","version":"2.0.0"'
refused POST 404 /edge/promote '"404 Version Not Found","error":"the channel holds no hello 9.9.9"' \
    --data 'to=stable&chart=hello&versions=1.0.0,9.9.9'
refused POST 404 /edge/promote '"404 Project Not Found"' \
    --json '{"to": "stable", "all": true, "to_project": 99999999999999999999999}'
refused POST 400 /edge/promote '"chart, range, all are missing' --json '{"to": "stable"}'
refused POST 400 /edge/promote '"versions is empty"' \
    --json '{"to": "stable", "chart": "hello", "versions": []}'

# --- deprecated, yanked, and back

for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
done
for version in 1.1.0 1.2.0; do publish "$(pack hello $version)"; done
call POST 201 /stable/deprecate --json '{"chart": "hello", "versions": ["1.1.0"], "reason": "old"}'
expect_equal "the reason" old "$(told 0 deprecated reason)"
fetch_index "$work/index"
expect_contains "$work/index" '"deprecated":true'
call POST 201 /stable/undeprecate --data chart=hello
fetch_index "$work/index"
expect_lacks "$work/index" '"deprecated":true'
refused POST 400 /stable/yank '"reason is missing, versions, range are missing' --data chart=hello
call POST 201 /stable/yank --data 'chart=hello&versions=1.2.0&reason=leaks'
for helm in 3 4; do
    expect_runs helm $helm repo update
    expect_runs helm $helm search repo house/hello --versions
    expect_contains "$output" 1.1.0
    expect_lacks "$output" 1.2.0
    expect_refused helm $helm pull house/hello --version 1.2.0 --destination "$work"
    expect_runs helm $helm pull "$repo/charts/hello-1.2.0.tgz" --username skipper \
        --password "$token" --destination "$work"
    expect_same "the archive of the yanked version" "$work/packed/hello-1.2.0.tgz" \
        "$work/hello-1.2.0.tgz"
    rm "$work/hello-1.2.0.tgz"
done
call GET 200 /stable/charts/hello/versions/1.2.0
expect_equal "why" leaks "$(told yanked reason)"
refused POST 409 /stable/promote leaks --data 'to=edge&chart=hello&versions=1.2.0'
call POST 201 /stable/unyank --data 'chart=hello&range=1.2.x'
fetch_index "$work/index"
expect_contains "$work/index" '"version":"1.2.0"'

# --- retention: what a dry run says is what goes, and no more; what is protected stays

call POST 201 /edge/retain
expect_equal "what goes without a rule" '[]' "$(told removed)"
call PUT 200 /edge --json '{"retention": {"newest": 2, "prereleases": 0}}'
expect_status 201 --request POST --header "PRIVATE-TOKEN: $token" --output /dev/null \
    --json '{"package_name_pattern": "hel*", "package_type": "helm",
        "minimum_access_level_for_delete": "owner"}' \
    "$api/projects/$project/packages/protection/rules"
call POST 201 /edge/retain --data dry_run=true
cp "$answer" "$work/dry"
before=$(versions edge)
expect_contains "$work/dry" "protected: removing it takes the role owner"
call POST 201 /edge/retain
python3 - "$work/dry" "$answer" <<'PYTHON'
import json, sys
dry, done = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
assert (dry.pop("dry_run"), done.pop("dry_run")) == (True, False)
assert dry == done
assert len(done["removed"]) == 998, len(done["removed"])
assert [(p["name"], p["version"]) for p in done["protected"]] == [("hello", "2.1.0-rc.1")], done["protected"]
PYTHON
expect_equal "before" 100 "$(wc -w <<<"$before")"
expect_equal "after" "1.0.999 1.0.998 2.1.0-rc.1 1.1.0 1.0.0" "$(versions edge)"
refused POST 403 /edge/yank "Package protected: removing hello takes the role owner here" \
    --data 'chart=hello&versions=1.0.0&reason=x'
refused POST 403 /edge/promote "Package protected: removing hello" --data 'to=stable&all=1&move=1'
refused DELETE 403 /edge/charts/hello "Package protected: removing hello"

# --- removal, and garbage

call DELETE 204 /edge/charts/barge/versions/1.0.999
call DELETE 204 /edge/charts/barge
expect_equal "left" "2.1.0-rc.1 1.1.0 1.0.0" "$(versions edge)"
refused DELETE 404 /edge/charts/barge "404 Version Not Found"
refused DELETE 404 /edge/charts/barge/versions/1.0.0 "404 Version Not Found"
refused DELETE 403 /edge/charts "Package protected"
call DELETE 204 /stable/charts/barge
garbage=$api/application/garbage_collection
expect_status 403 --request POST --header "PRIVATE-TOKEN: $token" "$garbage"
expect_status 400 --request POST --header "PRIVATE-TOKEN: $root" --data grace=soon "$garbage"
expect_status 201 --request POST --header "PRIVATE-TOKEN: $root" --data 'dry_run=1&grace=0' "$garbage"
expect_equal "what would go" 1000 "$(told blobs_removed)"
expect_status 201 --request POST --header "PRIVATE-TOKEN: $root" "$garbage"
expect_equal "what is younger than an hour" 0 "$(told blobs_removed)"
expect_status 201 --request POST --header "PRIVATE-TOKEN: $root" --json '{"grace": "0s"}' "$garbage"
expect_equal "what went" 1000 "$(told blobs_removed)"
expect_status 200 --user "skipper:$token" "$repo/charts/hello-1.2.0.tgz"

# Every route in the good way; in the refused way, one that needs a token is without.
push "$(pack tide)" spare
call DELETE 204 /spare/charts
call GET 200 /spare
expect_equal "what is left of a channel" 0 "$(told versions)"
for path in '' /stable/versions /stable/charts/hello/versions/1.0.0; do
    expect_status 401 "$channels$path"
done
for verb in promote deprecate undeprecate yank unyank retain; do
    expect_status 401 --request POST "$channels/stable/$verb"
done
expect_status 401 --request PUT "$channels/stable"
expect_status 401 --request DELETE "$channels/stable/charts"
expect_documented
stop_server
python3 "$e2e/routes_seen.py" "$server_log" "$source_root/server/gitlab/channel_routes.cpp"
