#!/usr/bin/env bash
# Limits that protect, as Helm and curl meet them: a guesser is slowed and the owner beside him is not; requests in a
# time; a project's quota at a push, a promotion and an import.
source "$(dirname "$0")/../lib.sh"
open_house private
settings=$work/limits.yaml
cat >"$settings" <<'YAML'
wrong_tokens:
  per_address: 5 per 10 m
request_rates:
  packages_per_address: 40 per 10 m
YAML
# restart ARGS…: the same house again; forgets what was counted.
restart() {
    stop_server
    start_server "$@"
    repo=$api/projects/$project/packages/helm/stable
}
# header NAME: of the last answer.
header() { grep -i "^$1: " "$headers" | cut -d' ' -f2- | tr -d '\r'; }
wrong=plhp_000000000000000000000000000000000000

# --- a guesser at the owner's own address
restart --config "$settings"
publish "$(pack hello 1.0.0)"
for _ in 1 2 3 4 5; do expect_status 401 --user "skipper:$wrong" "$repo/index.yaml"; done
expect_status 429 --user "skipper:$wrong" "$repo/index.yaml"
expect_contains "$answer" "too many tokens that nobody has"
[ "$(header Retry-After)" -gt 500 ] || fail "Retry-After: $(header Retry-After)"
expect_status 429 --user "skipper:$wrong" --form "chart=@$(pack hello 1.0.1)" \
    "$api/projects/$project/packages/helm/api/stable/charts"

guess() { while curl --silent --output /dev/null --user "skipper:$wrong" "$repo/index.yaml"; do :; done; }
guess &
guesser=$!
helpers+=("$guesser")
for helm in 3 4; do
    expect_refused helm $helm repo add guessed "$repo" --username skipper --password "$wrong"
    expect_contains "$output" "429 Too Many Requests"
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
    expect_runs helm $helm pull house/hello --version 1.0.0 --destination "$work"
done
for n in 1 2 3 4 5; do
    publish "$(pack hello 1.1.$n)"
    pilothouse user create "sailor$n" >/dev/null # empties the cache of tokens
done
kill "$guesser"
wait "$guesser" || true
pilothouse user create root --admin >/dev/null
root=$(new_token root)
until_known() { request --header "PRIVATE-TOKEN: $root" "$base/metrics" && [ "$status" = 200 ]; }
wait_until "a token that is new here gets its look-up" until_known
[ "$(sed -n 's/^pilothouse_logins_throttled_total //p' "$answer" | cut -d. -f1)" -gt 5 ] ||
    fail "nothing was counted"

# --- requests in a time: of strangers alone
pilothouse project edit fleet/charts --visibility public >/dev/null
for _ in $(seq 40); do request "$repo/index.yaml"; done
expect_status 429 "$repo/index.yaml"
expect_equal "GitLab's words" "Retry later" "$(<"$answer")"
expect_equal "the limit's name" throttle_unauthenticated_packages_api "$(header RateLimit-Name)"
expect_equal "the limit, a minute" 4 "$(header RateLimit-Limit)"
expect_equal "what is left" 0 "$(header RateLimit-Remaining)"
expect_status 200 --user "skipper:$token" "$repo/index.yaml"
expect_status 200 "$base/-/ready"

# --- a project's quota, with pushes at once
restart
pilothouse project edit fleet/charts --quota-versions 10 >"$output"
expect_contains "$output" "Versions: 6 of 10"
mkdir "$work/many"
for n in $(seq 20); do cp "$(pack hello "2.0.$n")" "$work/many"; done
find "$work/many" -name '*.tgz' -print0 | xargs -0 -P 8 -I{} curl --silent --output /dev/null \
    --user "skipper:$token" --form 'chart=@{}' --write-out '%{http_code}\n' \
    "$api/projects/$project/packages/helm/api/stable/charts" | sort | uniq -c >"$work/statuses"
expect_equal "pushes that fit" "4 201" "$(grep 201 "$work/statuses" | xargs)"
expect_equal "pushes that do not" "16 403" "$(grep 403 "$work/statuses" | xargs)"
push "$(pack hello 1.0.0)"
expect_equal "the same again" 201 "$status"
push "$(pack hello 3.0.0)"
expect_equal "one too many" 403 "$status"
expect_contains "$answer" "10 of 10 versions"
expect_refused helm 3 cm-push "$(pack hello 3.0.1)" "$repo" --username skipper --password "$token"
expect_contains "$output" "quota is full"

expect_refused pilothouse chart promote fleet/charts stable other hello 1.0.0
expect_contains "$output" "quota is full"
mkdir "$work/import"
cp "$(pack hello 4.0.0)" "$work/import"
expect_refused pilothouse import fleet/charts stable "$work/import"
expect_contains "$output" "quota is full"
expect_status 200 --header "PRIVATE-TOKEN: $token" "$api/projects/$project"
expect_equal "what is held" 10 "$(json helm_usage versions <"$answer")"
expect_status 403 --request PUT --header "PRIVATE-TOKEN: $token" \
    --data helm_quota_versions=0 "$api/projects/$project"
expect_status 200 --request PUT --header "PRIVATE-TOKEN: $root" \
    --data helm_quota_versions=default "$api/projects/$project"
publish "$(pack hello 3.0.0)"
pilothouse settings set project_quota_versions 11 >/dev/null
push "$(pack hello 3.0.1)"
expect_equal "beyond the server's own quota" 403 "$status"
pilothouse chart remove fleet/charts stable hello 3.0.0 >/dev/null
publish "$(pack hello 3.0.1)"

# --- too large: the setting is named
pilothouse settings set helm_max_file_size 1000 >/dev/null
head -c 200000 /dev/urandom >"$work/large.tgz"
push "$work/large.tgz"
expect_equal "a chart that is too large" 413 "$status"
expect_contains "$answer" helm_max_file_size
