#!/usr/bin/env bash
# Whatever the administration API does, the command line does: each command on a running server, with
# JSON for programs, and visible to the API at once.
# shellcheck disable=SC2016 # backticks are the program's own, and fish has its own variables
source "$(dirname "$0")/../lib.sh"
start_server
# ph COMMAND…: its JSON is in $work/json.
ph() { pilothouse "$@" --json >"$work/json" || fail "exit status $?: $*"; }
value() { json "$@" <"$work/json"; }
ids() { python3 -c 'import json,sys; print(*[o["id"] for o in json.load(sys.stdin)])' <"$work/json"; }

# People.
ph user create skipper --admin
ph token create --user skipper --scope api --expires 30d
admin=$(value token)
as_admin=(--header "PRIVATE-TOKEN: $admin")
ph user create mate --email mate@example.com
mate=$(value id)
ph user show mate
expect_equal "the e-mail address" mate@example.com "$(value email)"
ph user edit mate --name "First mate" --email ""
expect_equal "the name" "First mate" "$(value name)"
expect_equal "the e-mail address" "" "$(value email)"
expect_status 200 "${as_admin[@]}" "$api/users/$mate"
expect_equal "the name in the API" "First mate" "$(json name <"$answer")"
ph user list --admins
expect_equal "administrators" skipper "$(value 0 username)"
ph user block mate
ph user list --blocked
expect_equal "who is blocked" mate "$(value 0 username)"
ph user unblock mate

# Groups and what lies in them.
ph group create fleet --visibility internal --description "all ships"
fleet=$(value id)
ph group create fleet/north
ph group create fleet/north/arctic
expect_refused pilothouse group create fleet/open --visibility public
expect_contains "$output" "public is not allowed in a internal group"
ph group list fleet
expect_equal "directly below" fleet/north "$(value 0 path)"
ph group list fleet --all
expect_equal "all below" fleet/north/arctic "$(value 1 path)"
ph group edit fleet/north --path south --name South
expect_equal "moved" fleet/south "$(value path)"
expect_status 200 "${as_admin[@]}" "$api/groups/$fleet/subgroups"
expect_equal "moved in the API" fleet/south "$(json 0 full_path <"$answer")"
ph group show fleet/south/arctic
ph project create fleet/charts
ph project create fleet/south/charts
ph project list fleet
expect_equal "projects in the group" fleet/charts "$(value 0 path)"
ph project list fleet --all
expect_equal "all of them" fleet/south/charts "$(value 1 path)"
ph project archive fleet/charts
expect_equal "archived" true "$(value archived)"
ph project unarchive fleet/charts
expect_equal "archived" false "$(value archived)"
ph project edit fleet/south/charts --path maps --name Maps --description "of the sea"
expect_equal "moved" fleet/south/maps "$(value path)"

# Members.
ph member add fleet mate --role developer --expires 30d
ph member show fleet/charts mate --all
expect_equal "inherited" developer "$(value role)"
expect_refused pilothouse member show fleet/charts mate
ph member edit fleet mate --role owner --expires never
expect_equal "the end" null "$(value expires_at)"
expect_refused pilothouse user delete mate --yes
expect_contains "$output" "--force"
ph member add fleet skipper --role owner

# Protection rules.
ph protection add fleet/charts 'prod-*' --push owner
rule=$(value id)
ph protection edit fleet/charts "$rule" --remove admin
expect_equal "still" owner "$(value push)"
ph protection list fleet/charts
expect_equal "the rule" "$rule" "$(ids)"
expect_status 200 "${as_admin[@]}" "$api/projects/fleet%2Fcharts/packages/protection/rules"
expect_equal "the rule in the API" "$rule" "$(json 0 id <"$answer")"
ph protection remove fleet/charts "$rule"
ph protection list fleet/charts
expect_equal "rules" "" "$(ids)"

# Packages.
for channel in stable edge; do
    ph chart push fleet/charts "$channel" "$(pack hello 1.0.0)"
done
ph package list fleet
package=$(value 0 id)
expect_equal "packages" "$package" "$(ids)"
ph package show fleet/charts "$package"
expect_equal "the first file's channel" edge "$(value files 0 channel)"
ph package delete-file fleet/charts "$package" "$(value files 0 id)" --yes
ph package show fleet/charts "$package"
expect_equal "the file that stays" stable "$(value files 0 channel)"
expect_refused pilothouse package delete fleet/charts "$package"
expect_contains "$output" "--yes"
ph package delete fleet/charts "$package" --yes
ph package list fleet/charts --name hello
expect_equal "packages" "" "$(ids)"
expect_refused pilothouse package show fleet/charts "$package"
expect_contains "$output" "pilothouse package list fleet/charts"

# Tokens of every kind. works STATUS TOKEN: what its holder is answered.
works() { expect_status "$1" --header "PRIVATE-TOKEN: $2" "$api/personal_access_tokens/self"; }
ph token create --user mate --scope api
first=$(value token) number=$(value id)
ph token list --user mate
expect_equal "whose" mate "$(value 0 user)"
ph token show "$number"
ph token rotate "$number" --expires 12h
second=$(value token)
works 401 "$first"
works 200 "$second"
ph token list --user mate --active
expect_equal "good ones" 1 "$(ids | wc -w)"
for place in fleet fleet/charts; do
    ph access-token create $place --name ci --scope api --role developer
    first=$(value token) number=$(value id)
    works 200 "$first"
    ph access-token show $place "$number"
    expect_equal "its role" developer "$(value role)"
    ph access-token rotate $place "$number" --expires 1d
    second=$(value token) number=$(value id)
    works 401 "$first"
    works 200 "$second"
    ph access-token list $place --active
    expect_equal "good ones" "$number" "$(ids)"
    ph access-token revoke $place "$number"
    works 401 "$second"

    ph deploy-token create $place --scope read_package_registry
    number=$(value id)
    ph deploy-token show $place "$number"
    expect_equal "its place" $place "$(value place)"
    ph deploy-token list $place
    expect_equal "there" "$number" "$(ids)"
    ph deploy-token list --active
    expect_equal "everywhere" "$number" "$(ids)"
    ph deploy-token revoke $place "$number"
done
expect_refused pilothouse token revoke 999
expect_contains "$output" '`pilothouse token list` shows all'

# The audit log, newest first.
ph audit list fleet/charts --limit 1
expect_equal "the newest there" deploy_token_revoked "$(value 0 what)"
event=$(value 0 id)
ph audit show "$event" fleet/charts
ph audit show "$event"
expect_equal "who" "command line" "$(value by)"
ph audit list --since 1h --user mate
expect_equal "what mate did" "" "$(ids)"
curl --silent --fail "${as_admin[@]}" --request POST --output /dev/null \
    --data 'name=later&path=later' "$api/groups"
ph audit list --user skipper
expect_equal "what skipper did" group_created "$(value 0 what)"
expect_equal "from where" 127.0.0.1 "$(value 0 from)"

# Sizes and times as people write them.
ph settings set helm_max_file_size 10MiB
expect_equal "bytes" 10485760 "$(value helm_max_file_size)"
expect_status 200 "${as_admin[@]}" "$api/application/plan_limits"
expect_equal "in the API" 10485760 "$(json helm_max_file_size <"$answer")"
ph gc --grace 15m --dry-run
expect_refused pilothouse gc --grace 5x
expect_contains "$output" "90s, 15m, 12h, 30d"

# What is not there is said before anybody is asked, and removals remove.
expect_refused pilothouse project delete fleet/nothing
expect_contains "$output" "pilothouse project list"
expect_refused pilothouse group delete nothing
expect_contains "$output" "pilothouse group list"
expect_refused pilothouse user delete nobody
expect_contains "$output" "pilothouse user list"
expect_refused pilothouse chart remove fleet/charts nothing
expect_contains "$output" "pilothouse channel list fleet/charts"
expect_refused pilothouse chart list fleet/charts nothing
expect_contains "$output" "pilothouse channel list fleet/charts"
expect_refused pilothouse group delete fleet
expect_contains "$output" "--yes"
ph user delete mate --yes
ph project delete fleet/south/maps --yes
ph group delete fleet --yes
expect_status 404 "${as_admin[@]}" "$api/groups/$fleet"

# An empty PILOTHOUSE_DATA is none.
mkdir "$work/empty" && cd "$work/empty"
PILOTHOUSE_DATA='' expect_refused "$PILOTHOUSE" user list
expect_contains "$output" "there is no data folder at data"
