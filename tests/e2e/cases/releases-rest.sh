#!/usr/bin/env bash
# Clusters, releases and operations over REST, in a real cluster: every route, well and refused.
source "$(dirname "$0")/../lib.sh"
open_cluster
export PILOTHOUSE_RELEASES_HELM=$HELM4
start_server --log-format json
record_answers
for user in skipper mate; do pilothouse user create $user --json >/dev/null; done
pilothouse user create root --admin --json >/dev/null
project=$(pilothouse project create fleet/charts --json | json id)
pilothouse member add fleet/charts skipper --role owner --json >/dev/null
token=$(new_token skipper) root=$(new_token root)
mate=$(pilothouse user show mate --json | json id)
publish "$(pack hello 1.0.0)" "$(pack hello 1.1.0)"
version=fleet/charts/stable/hello

# call METHOD STATUS PATH [CURL-ARGS…]: as skipper; told KEY… reads the answer.
call() { expect_status "$2" --request "$1" --header "PRIVATE-TOKEN: $token" "${@:4}" "$api/clusters$3"; }
refused() { call "$1" "$2" "$3" "${@:5}" && expect_contains "$answer" "$4"; }
told() { json "$@" <"$answer"; }
# done_well METHOD PATH [CURL-ARGS…]: an operation, seen to its end; its last answer stays.
done_well() {
    call "$1" 202 "$2" "${@:3}"
    operation=$(told id) release=$(told release_id)
    wait_until "the operation ends" is_done
    expect_equal "the error of $(told kind)" null "$(told error)"
}
is_done() { call GET 200 "/quay/operations/$operation" && [ "$(told "done")" = true ]; }
greeting() { kube "/api/v1/namespaces/shop/configmaps/$1-greeting"; }
kubeconfig_json() { python3 -c 'import json, sys; print(json.dumps({**json.loads(sys.argv[2]), "kubeconfig": open(sys.argv[1]).read()}))' "$@"; }

# --- clusters

kubeconfig_json "$kubeconfig" '{"name": "quay", "namespaces": ["shop", "team-*"], "project_id": '"$project"'}' >"$work/quay.json"
call POST 201 "" --json "@$work/quay.json"
expect_equal "the owner of quay" "$project" "$(told project_id)"
expect_lacks "$answer" "$(<"$cluster/keys/admin.token")"
refused POST 409 "" 'exists already' --json "@$work/quay.json"
refused POST 400 "" 'name is missing, kubeconfig is missing' --json '{}'
refused POST 400 "" 'would run a program here' --json "{\"name\": \"a\", \"project_id\": $project, \"kubeconfig\": \"$(
    sed 's/user: {.*}/user: {exec: {command: id}}/' "$kubeconfig" | sed 's/$/\\n/' | tr -d '\n')\"}"
refused POST 403 "" 'only administrators' --json "@-" < <(kubeconfig_json "$kubeconfig" '{"name": "mine"}')
call GET 200 ""
expect_equal "the clusters that skipper sees" quay "$(told 0 name)"
expect_status 401 "$api/clusters"
call GET 200 /quay
refused GET 404 /nowhere '404 Not found'
call PUT 200 /quay --json '{"namespaces": ["shop"]}'
refused PUT 400 /quay 'at least one parameter' --json '{}'

call POST 200 /quay/check --json '{"namespace": "shop"}'
expect_contains "$answer" '"missing_rights":[]'
expect_contains "$answer" '"version":"v1.'
refused POST 400 /quay/check namespace --json '{"namespace": "No"}'

call PUT 200 "/quay/members/$mate" --json '{"role": "reporter"}'
refused PUT 400 "/quay/members/$mate" role --json '{"role": "owner"}'
call GET 200 /quay/members
expect_equal "who was given a role" mate "$(told 0 username)"
mate_token=$(new_token mate)
expect_status 200 --header "PRIVATE-TOKEN: $mate_token" "$api/clusters/quay/releases"
expect_status 403 --header "PRIVATE-TOKEN: $mate_token" --json "{\"product_version_id\": \"$version@1.0.0\"}" "$api/clusters/quay/releases"
call DELETE 204 "/quay/members/$mate"
refused DELETE 404 "/quay/members/$mate" 404
expect_status 403 --header "PRIVATE-TOKEN: $mate_token" "$api/clusters/quay/releases"
expect_status 403 --header "PRIVATE-TOKEN: $mate_token" "$api/clusters/quay/members"

# --- releases

refused POST 400 /quay/releases 'product_version_id is missing' --json '{}'
refused POST 400 /quay/diff 'product_version_id is missing' --json '{}'
call POST 200 /quay/diff --json "{\"product_version_id\": \"$version@1.0.0\", \"namespace\": \"shop\"}"
expect_equal "what would be made" added "$(told 0 change)"
refused POST 400 /quay/releases 'shop' --json "{\"product_version_id\": \"$version@1.0.0\", \"namespace\": \"kube-system\"}"
refused POST 400 /quay/releases 'namspace is unknown' --json "{\"product_version_id\": \"$version@1.0.0\", \"namspace\": \"shop\"}"
refused POST 404 /quay/releases 404 --json "{\"product_version_id\": \"$version@9.9.9\", \"namespace\": \"shop\"}"
done_well POST /quay/releases --json "{\"product_version_id\": \"$version@1.0.0\", \"namespace\": \"shop\", \"values\": \"greeting: Hail\"}"
first=$release
call GET 200 "/quay/operations/$operation/events?after=1"
expect_contains "$answer" '"what":"started"'
expect_contains "$answer" '"what":"finished"'
refused GET 400 "/quay/operations/$operation/events?wait=31" 'wait is from 0 to 30'
call GET 200 "/quay/operations/$operation/events?after=1000000&wait=30" # it is done, so nothing is waited for
expect_equal "events behind the last" '[]' "$(<"$answer")"
refused POST 409 /quay/releases 'already' --json "{\"product_version_id\": \"$version@1.0.0\", \"namespace\": \"shop\"}"

call GET 200 "/quay/releases/$first"
expect_equal "the release's status" deployed "$(told status)"
expect_equal "the version as it was named" "$version@1.0.0" "$(told source product_version_id)"
refused GET 404 /quay/releases/none 404
call GET 200 '/quay/releases?namespace=shop&name=hello'
expect_equal "releases of this name" "$first" "$(told 0 id)"
call GET 200 '/quay/releases?namespace=team-a'
expect_equal "releases elsewhere" '[]' "$(<"$answer")"
call GET 200 "/quay/releases/$first/values"
expect_equal "the values" 'greeting: "Hail"' "$(told values)"
refused GET 404 /quay/releases/none/values 404

call POST 200 "/quay/releases/$first/diff" --json '{"set": ["greeting=Ho"]}'
expect_equal "objects that would change" changed "$(told 0 change)"
refused POST 400 "/quay/releases/$first/diff" 'set is invalid' --json '{"set": ["greeting"]}'
done_well PUT "/quay/releases/$first" --json "{\"product_version_id\": \"$version@1.1.0\"}"
greeting hello >"$work/greeting"
expect_contains "$work/greeting" Hail # kept
refused PUT 400 "/quay/releases/$first" 'timeout' --json '{"timeout": "soon"}'
refused PUT 404 /quay/releases/none 404 --json '{"reset_values": true}'
done_well POST "/quay/releases/$first/rollback" --json '{"revision": 1}'
refused POST 400 "/quay/releases/$first/rollback" revision --json '{"revision": -1}'
call GET 200 "/quay/releases/$first/history"
expect_equal "the third revision" deployed "$(told 2 status)"
refused GET 404 /quay/releases/none/history 404
call GET 200 "/quay/releases/$first/drift"
expect_equal "what somebody changed" '[]' "$(<"$answer")"
refused GET 404 /quay/releases/none/drift 404
done_well POST "/quay/releases/$first/restart" --json '{"wait": false}'
done_well POST "/quay/releases/$first/stop"
call GET 200 "/quay/releases/$first"
expect_equal "whether it is stopped" true "$(told stopped)"
refused POST 409 "/quay/releases/$first/restart" 'the release is stopped'
refused POST 400 "/quay/releases/$first/stop" timeout --json '{"timeout": "soon"}'

expect_runs helm 4 install by-hand "$e2e/charts/hello" --namespace shop
call GET 200 /quay/foreign_releases
expect_equal "what is not ours" by-hand "$(told 0 name)"
expect_equal "how much of it" 1 "$(python3 -c 'import json, sys; print(len(json.load(sys.stdin)))' <"$answer")"
expect_status 401 "$api/clusters/quay/foreign_releases"

# --- operations

# An update, told as it happens: curl ends when the operation has.
# stream [CURL-ARGS…]: into $work/stream
stream() {
    curl --silent --show-error --no-buffer --max-time 120 --header "PRIVATE-TOKEN: $token" \
        --header 'Accept: text/event-stream' "$@" "$api/clusters/quay/operations/$operation/events" >"$work/stream"
}
tells() { grep -sqFx -e "$1" "$work/stream"; }
call PUT 202 "/quay/releases/$first" --json '{"set": ["greeting=Ahoy"]}'
operation=$(told id)
stream --header 'Last-Event-ID: 0' &
wait_until "the stream tells of the beginning" tells 'event: started'
wait $! || fail "the stream was broken off"
for line in 'id: 1' 'event: queued' 'event: finished' 'event: done'; do
    tells "$line" || fail "the stream lacks: $line"
done
sed -n '/^event: done$/{n;s/^data: //p}' "$work/stream" >"$answer"
expect_equal "the operation that the stream ends with" "$operation true null" "$(told id) $(told "done") $(told error)"
expect_equal "ids of the messages" "$(grep '^id: ' "$work/stream" | sort -u)" "$(grep '^id: ' "$work/stream" | sort)"
expect_runs stream --header 'Last-Event-ID: 1'
! tells 'id: 1' || fail "what was seen is told again"
tells 'id: 2' || fail "what was not seen is not told"
refused GET 400 "/quay/operations/$operation/events" 'Last-Event-ID' \
    --header 'Accept: text/event-stream' --header 'Last-Event-ID: x'
call GET 204 "/quay/operations/$operation/events" \
    --header 'Accept: text/event-stream' --header 'Last-Event-ID: done'

call GET 200 "/quay/operations?release_id=$first&per_page=2"
expect_equal "the newest operation" update "$(told 0 kind)"
expect_equal "the one before it" stop "$(told 1 kind)"
refused GET 400 '/quay/operations?page=0' page
refused GET 404 /quay/operations/none 404
refused GET 404 /quay/operations/none/events 404
refused POST 404 /quay/operations/none/cancel 404
call POST 200 "/quay/operations/$operation/cancel" # done already: as it is
expect_equal "a cancelled operation that is done" null "$(told error)"

refused DELETE 409 /quay 'releases are installed' --json '{}'
refused DELETE 404 /quay/releases/none 404
done_well DELETE "/quay/releases/$first"
refused GET 404 "/quay/releases/$first" 404
expect_refused greeting hello
expect_runs greeting by-hand

# --- keys, and the end

expect_status 403 --request POST --header "PRIVATE-TOKEN: $token" "$api/clusters/-/rotate_key"
cp "$data/keys/clusters" "$work/old-key"
expect_status 200 --request POST --header "PRIVATE-TOKEN: $root" "$api/clusters/-/rotate_key"
expect_equal "clusters sealed anew" 1 "$(told clusters)"
! cmp -s "$work/old-key" "$data/keys/clusters" || fail "the key is the old one"
call POST 200 /quay/check --json '{"namespace": "shop"}'
expect_equal "reached with the new key" true "$(told reachable)"
call DELETE 204 /quay
expect_runs greeting by-hand
expect_documented
stop_server
expect_lacks "$server_log" "$(<"$cluster/keys/admin.token")"
python3 "$e2e/routes_seen.py" "$server_log" "$source_root/server/gitlab/release_routes.cpp"
