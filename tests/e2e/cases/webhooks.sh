#!/usr/bin/env bash
# Somebody is told of a push: signed, once it is durable, again until he takes it, also after kill -9.
source "$(dirname "$0")/../lib.sh"
need_clients SCHEMATHESIS schemathesis  # for its JSON Schema
open_house private
as_skipper=(--header "PRIVATE-TOKEN: $token")
hooks=$api/projects/$project/hooks

mkdir "$work/ear"
touch "$work/ear/log" "$work/ear/secrets"
python3 "$e2e/hook_receiver.py" "$work/ear" &
helpers+=($!)
wait_until "the receiver names its address" test -s "$work/ear/address"
ear=$(<"$work/ear/address")

heard() { grep -c "^$1 " "$work/ear/log" || true; }
has_heard() { [ "$(heard "$1")" -ge "$2" ]; }
nothing_waits() { ! pilothouse webhook deliveries fleet/charts "$1" --json | grep -q '"state":"waiting"'; }
delivered() { pilothouse webhook deliveries fleet/charts "$1" --json | grep -q '"state":"delivered"'; }

# An address of this machine is refused: at once where it stands in the URL, at the attempt where a
# name leads to it.
expect_status 400 "${as_skipper[@]}" --json "{\"url\":\"$ear/ok\"}" "$hooks"
expect_contains "$answer" "webhooks.allow_private"
expect_status 201 "${as_skipper[@]}" --json "{\"url\":\"${ear/127.0.0.1/localhost}/ok\"}" "$hooks"
hook=$(json id <"$answer")
expect_status 422 "${as_skipper[@]}" --request POST "$hooks/$hook/test/push_events"
expect_contains "$answer" "no public address"
expect_equal "requests that came through" 0 "$(heard /ok)"
expect_refused pilothouse webhook remove fleet/charts "$hook"
expect_contains "$output" "--yes"
pilothouse webhook remove fleet/charts "$hook" --yes

stop_server
start_server --webhooks-allow-private yes --webhooks-first-retry "100 ms" --webhooks-timeout "2 s" \
    --log-format json
hooks=$api/projects/$project/hooks
repo=$api/projects/$project/packages/helm/stable

# The secret is shown once.
made=$(pilothouse webhook add fleet/charts "$ear/ok" --json)
hook=$(json id <<<"$made")
json signing_token <<<"$made" >>"$work/ear/secrets"
expect_status 200 "${as_skipper[@]}" "$hooks/$hook"
expect_equal "the secret in an answer" "" "$(grep -o whsec_ "$answer" || true)"

# A push and a promotion are told, each to whoever wants it.
publish "$(pack hello 1.0.0)"
wait_until "the push is told" has_heard /ok 1
expect_contains "$work/ear/log" '/ok good msg_'
expect_contains "$work/ear/log" '"type":"chart.pushed"'
expect_contains "$work/ear/log" '"version":"1.0.0"'
pilothouse chart promote fleet/charts stable proven hello
wait_until "the promotion is told" has_heard /ok 2
expect_contains "$work/ear/log" '"type":"charts.promoted"'
pilothouse webhook test fleet/charts "$hook" --as deployment
expect_equal "what was heard, with the test" 3 "$(heard /ok)"
expect_contains "$work/ear/log" '"test":true'
pilothouse webhook edit fleet/charts "$hook" --enabled no

# Refused twice, taken at the third attempt: the same message each time.
made=$(pilothouse webhook add fleet/charts "$ear/twice/a" --on push --json)
again=$(json id <<<"$made")
json signing_token <<<"$made" >>"$work/ear/secrets"
publish "$(pack hello 1.1.0)"
wait_until "the third attempt" has_heard "/twice/a" 3
wait_until "it is noted" delivered "$again"
expect_equal "ids of the three" 1 "$(grep '^/twice/a good ' "$work/ear/log" | cut -d' ' -f3 | sort -u | wc -l)"
expect_status 200 "${as_skipper[@]}" "$hooks/$again/events"
expect_contains "$answer" '"attempts":3'
expect_equal "what a hook that is off has heard" 3 "$(heard /ok)"

# Sent once more, under its id; then to a receiver that refuses it.
delivery=$(pilothouse webhook deliveries fleet/charts "$again" --json | json 0 id)
expect_status 201 "${as_skipper[@]}" --request POST "$hooks/$again/events/$delivery/resend"
expect_equal "the receiver's answer" 204 "$(json response_status <"$answer")"
pilothouse webhook resend fleet/charts "$again" "$delivery" >"$work/resent"
expect_contains "$work/resent" "hello 1.1.0"
expect_equal "what was heard, with both" 5 "$(heard /twice/a)"
expect_equal "ids of the five" 1 "$(grep '^/twice/a good ' "$work/ear/log" | cut -d' ' -f3 | sort -u | wc -l)"
expect_status 404 "${as_skipper[@]}" --request POST "$hooks/$hook/events/$delivery/resend"
expect_status 401 --request POST "$hooks/$again/events/$delivery/resend"

# Four failures in a row: it rests, and one thing that is taken ends that.
pilothouse webhook edit fleet/charts "$again" --url "$ear/500" --json >/dev/null
expect_status 422 "${as_skipper[@]}" --request POST "$hooks/$again/events/$delivery/resend"
expect_contains "$answer" "answered 500"
publish "$(pack hello 1.1.1)"
publish "$(pack hello 1.1.2)"
rests() { pilothouse webhook show fleet/charts "$again" --json | grep -q '"alert_status":"temporarily_disabled"'; }
wait_until "it rests" rests
expect_equal "how often that is told" 1 "$(grep -c webhook_rests "$server_log")"
pilothouse webhook list fleet/charts >"$work/hooks"
expect_contains "$work/hooks" "failing, again 20"
pilothouse webhook edit fleet/charts "$again" --url "$ear/ok" --json >"$work/hooks"
expect_contains "$work/hooks" '"alert_status":"executable","disabled_until":null'
wait_until "all is told again" nothing_waits "$again"
heard_before=$(heard /ok)

# Redirects are not followed; of an answer without end little is read; silence ends.
for path in away long silent 500; do
    pilothouse webhook edit fleet/charts "$again" --url "$ear/$path" --json >/dev/null
    pilothouse webhook test fleet/charts "$again" >>"$work/tests" 2>&1 || true
done
expect_contains "$work/tests" "answered 302: redirects are not followed"
expect_contains "$work/tests" "answered 500"
expect_equal "who heard nothing by a redirect" "$heard_before" "$(heard /ok)"
expect_status 200 "${as_skipper[@]}" "$hooks/$again/events"
expect_equal "tries that went well: the pushes, and the long answer" 4 \
    "$(grep -o '"state":"delivered"' "$answer" | wc -l)"

# What is asked of each route is seen answered well, and refused.
expect_status 200 "${as_skipper[@]}" --request PUT --json '{"name":"again"}' "$hooks/$again"
expect_contains "$answer" '"name":"again"'
expect_status 400 "${as_skipper[@]}" --request PUT --json '{"token":"x"}' "$hooks/$again"
expect_status 201 "${as_skipper[@]}" --json "{\"url\":\"$ear/404\",\"push_events\":true}" "$hooks"
spare=$(json id <"$answer")
expect_equal "what it is not told of" false "$(json deployment_events <"$answer")"
expect_status 200 "${as_skipper[@]}" "$hooks"
expect_status 400 "${as_skipper[@]}" --json '{"name":"nowhere"}' "$hooks"
expect_status 201 "${as_skipper[@]}" --request POST "$hooks/$hook/test/push_events"
expect_status 404 "${as_skipper[@]}" --request POST "$hooks/4711/test/push_events"
expect_status 400 "${as_skipper[@]}" --request POST "$hooks/$hook/test/rain_events"
expect_status 204 "${as_skipper[@]}" --request DELETE "$hooks/$spare"
expect_status 404 "${as_skipper[@]}" --request DELETE "$hooks/$spare"
for path in "" "/$hook" "/$hook/events"; do expect_status 401 "$hooks$path"; done
python3 "$e2e/routes_seen.py" "$server_log" "$source_root/server/gitlab/webhook_routes.cpp"

# Each document is one that the OpenAPI document has: a push, a promotion, and the test of a deployment's end.
expect_runs "$SCHEMATHESIS" "$e2e/openapi_told.py" "$base" "$work/ear/log" 3

# Killed between the push and its delivery: it is told after the next start.
made=$(pilothouse webhook edit fleet/charts "$hook" --enabled true --url "$ear/twice/b" --new-secret --json)
pilothouse webhook remove fleet/charts "$again" --yes
json signing_token <<<"$made" >>"$work/ear/secrets"
stop_server
start_server --webhooks-allow-private yes --webhooks-first-retry "1 s"
publish "$(pack hello 1.2.0)"
wait_until "a first attempt that fails" has_heard "/twice/b" 1
kill_server
start_server --webhooks-allow-private yes --webhooks-first-retry "100 ms"
wait_until "it is taken after the crash" has_heard "/twice/b" 3
wait_until "that is noted" nothing_waits "$hook"
expect_equal "messages" 1 "$(grep '^/twice/b good ' "$work/ear/log" | cut -d' ' -f3 | sort -u | wc -l)"

# The secret outlives the key that sealed it.
for _ in 1 2 3; do pilothouse cluster rotate-key >/dev/null; done
pilothouse webhook test fleet/charts "$hook"
expect_equal "signatures that were not good" 0 "$(grep -c ' BAD ' "$work/ear/log" || true)"

# The line of docs/OPERATIONS.md that checks a signature says the same.
secret=$(tail -n 1 "$work/ear/secrets")
signed=msg_1.1700000000.'{"type":"chart.pushed"}'
key=$(printf %s "${secret#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
by_openssl=$(printf %s "$signed" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
by_python=$(python3 -c 'import base64,hashlib,hmac,sys; print(base64.b64encode(hmac.new(base64.b64decode(sys.argv[1][6:]), sys.argv[2].encode(), hashlib.sha256).digest()).decode())' "$secret" "$signed")
expect_equal "the signature in a shell" "$by_python" "$by_openssl"
pilothouse audit list fleet/charts >"$work/audit"
for what in webhook_created webhook_updated webhook_destroyed webhook_rests; do expect_contains "$work/audit" "$what"; done
