#!/usr/bin/env bash
# An administrator without a shell on the server: everything by --server, and what may go wrong on the way.
source "$(dirname "$0")/../lib.sh"

# make_certificate NAME: an authority of its own for 127.0.0.1, in $work/NAME.{key,pem}.
make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -addext 'subjectAltName=IP:127.0.0.1' \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>"$work/openssl"
}
make_certificate right
make_certificate wrong
export CURL_CA_BUNDLE=$work/right.pem
base_path=/charts
start_server --tls-certificate "$work/right.pem" --tls-key "$work/right.key" --base-path $base_path
pilothouse user create root --admin --json >/dev/null
new_token root >"$work/token"
away=$base$base_path

# From here on, only the address: no folder, no environment but what is said.
mkdir "$work/elsewhere" && cd "$work/elsewhere"
unset PILOTHOUSE_DATA PILOTHOUSE_SERVER PILOTHOUSE_TOKEN PILOTHOUSE_CA_FILE
# remote COMMAND…: by the options, before the command.
remote() { "$PILOTHOUSE" --server "$away" --token-file "$work/token" --ca-file "$work/right.pem" "$@"; }
# says STATUS TEXT COMMAND…: that is the exit status, and the text is in what it says; no output.
says() {
    local status=0
    "${@:3}" >"$work/out" 2>"$output" </dev/null || status=$?
    expect_equal "the exit status of ${*:3}" "$1" "$status"
    expect_contains "$output" "$2"
    [ ! -s "$work/out" ] || fail "${*:3} printed something"
}

# --- the house is built, charts come and go
expect_runs remote health
expect_contains "$output" ready
expect_runs remote user create alice
expect_runs remote project create fleet/charts --visibility private
expect_runs remote project create fleet/more
expect_runs remote member add fleet/charts alice --role maintainer
alice=$(remote token create --user alice --scope api --json 2>/dev/null | json token)
deploy=$(remote deploy-token create fleet/charts --scope read_package_registry 2>/dev/null)
[[ $deploy == plhd_* ]] || fail "no deploy token: $deploy"

make_keys
signed=$(pack_signed hello 1.0.0)
expect_runs remote chart push fleet/charts stable "$signed" "$(pack tide 1.4.0)"
expect_contains "$output" "pushed $signed"
expect_runs remote chart push fleet/charts stable "$signed"
expect_contains "$output" "already there $signed"
echo nonsense >"$work/no-chart.tgz"
says 1 "refused $work/no-chart.tgz" remote chart push fleet/charts stable "$work/no-chart.tgz"
repo=$api/projects/fleet%2Fcharts/packages/helm/stable
repo=${repo/"$base"/"$away"}
expect_status 200 --user "x:$deploy" "$repo/charts/hello-1.0.0.tgz"
expect_same "the archive" "$signed" "$answer"
expect_status 200 --user "x:$deploy" "$repo/charts/hello-1.0.0.tgz.prov"
expect_same "the provenance" "$signed.prov" "$answer"

# Imported from a folder of this machine, exported to another one.
mkdir "$work/set" && cp "$(pack hello 1.10.0)" "$(pack hello 1.9.0)" "$signed" "$signed.prov" "$work/set"
helm 4 repo index "$work/set"
expect_runs remote import fleet/charts edge "$work/set"
expect_contains "$output" "imported 3, already there 0, refused 0"
expect_runs remote import fleet/charts edge "$work/set"
expect_contains "$output" "imported 0, already there 3, refused 0"
expect_runs remote export fleet/charts edge "$work/exported"
expect_same "an export" "$work/set/hello-1.9.0.tgz" "$work/exported/charts/hello-1.9.0.tgz"
expect_same "its provenance" "$signed.prov" "$work/exported/charts/hello-1.0.0.tgz.prov"
expect_runs remote export fleet/charts edge "$work/exported"
expect_contains "$output" " 0 files written"

# The very output and exit status of the local command.
for words in "project list" "project list --json" "chart list fleet/charts edge --json" "user show nobody" \
    "project show no/where" "chart list fleet/charts" "user create" "member list fleet/charts" "gc --dry-run"; do
    here=0 there=0
    # shellcheck disable=SC2086 # words
    pilothouse $words >"$work/here.out" 2>"$work/here.err" || here=$?
    # shellcheck disable=SC2086
    remote $words >"$work/there.out" 2>"$work/there.err" || there=$?
    expect_equal "the exit status of $words" "$here" "$there"
    expect_same "the output of $words" "$work/here.out" "$work/there.out"
    expect_same "what is said by $words" "$work/here.err" "$work/there.err"
done
! find . -mindepth 1 | grep -q . || fail "something was made in the folder of the caller"

# Asked at the caller; the audit log says from where.
says 2 "There is no terminal to ask on" remote project delete fleet/more
says 1 "no such project" remote project delete fleet/none
expect_runs remote project delete fleet/more --yes
expect_runs remote audit list --json
expect_contains "$output" '"what":"project_destroyed","by":"root","from":"127.0.0.1"'
grep -q 'command="project delete" exit=0' "$server_log" || fail "the access line does not name the command"
! grep -qF -e "$(<"$work/token")" -e "$alice" "$server_log" || fail "a token is in the log"

# --- by the environment, as somebody else
export PILOTHOUSE_SERVER=$away/ PILOTHOUSE_CA_FILE=$work/right.pem PILOTHOUSE_TOKEN=$alice
expect_runs "$PILOTHOUSE" project list
expect_contains "$output" fleet/charts
says 1 "only administrators may do this" "$PILOTHOUSE" user create mallory
says 1 "only administrators may do this" "$PILOTHOUSE" settings show
expect_runs "$PILOTHOUSE" chart push fleet/charts edge "$(pack tide)"
expect_runs "$PILOTHOUSE" user list --json
expect_lacks "$output" admin
# Another token on the command line, behind the command; and the folder, where it is named.
expect_runs "$PILOTHOUSE" user list --json --token "$(<"$work/token")"
expect_contains "$output" '"admin":true'
expect_runs pilothouse settings show
says 2 "a command is for one of them" "$PILOTHOUSE" user list --server "$away" --data "$data"
says 1 "the server does not take the token" "$PILOTHOUSE" user list --token nothing
says 1 "a deploy token or job token is for charts alone" "$PILOTHOUSE" project list --token "$deploy"
says 1 "takes no commands: it is no Pilothouse server, or an older one" "$PILOTHOUSE" user list --server "$base"
expect_runs "$PILOTHOUSE" version
expect_runs env PILOTHOUSE_SERVER=nonsense "$PILOTHOUSE" version
expect_runs env PILOTHOUSE_SERVER=nonsense "$PILOTHOUSE" check-config
says 2 "not an http or https URL" env PILOTHOUSE_SERVER=nonsense "$PILOTHOUSE" user list
says 2 "a server wants a token" env PILOTHOUSE_TOKEN= "$PILOTHOUSE" user list
# Not in the clear, but on this machine; and nothing of it reaches the address.
says 2 "everybody on the way" "$PILOTHOUSE" user list --server http://192.0.2.1
says 1 "its address begins with https://" "$PILOTHOUSE" user list --server "${away/https/http}"

# --- certificates
says 1 "name the certificate of its authority with --ca-file" env PILOTHOUSE_CA_FILE="$work/wrong.pem" \
    "$PILOTHOUSE" user list
says 1 "name the certificate of its authority with --ca-file" env PILOTHOUSE_CA_FILE= "$PILOTHOUSE" user list
says 1 "it is another server's" "$PILOTHOUSE" user list --server "${away/127.0.0.1/localhost}"
says 1 "no readable certificates" "$PILOTHOUSE" user list --ca-file "$work/token"

# --- larger than the server takes: said before it is sent, and to who may not, without taking it
expect_runs remote settings set helm_max_file_size 100000
head -c 99000 /dev/urandom >"$work/near.tgz"
head -c 3000000 /dev/urandom >"$work/large.tgz"
says 1 "refused $work/near.tgz" "$PILOTHOUSE" chart push fleet/charts stable "$work/near.tgz"
says 1 "larger than the server takes (its setting helm_max_file_size)" \
    "$PILOTHOUSE" chart push fleet/charts stable "$work/large.tgz" "$work/near.tgz"
expect_contains "$output" "refused $work/near.tgz"
says 1 "no such project" "$PILOTHOUSE" chart push no/where stable "$work/near.tgz"
expect_runs remote settings set helm_max_file_size 0
expect_runs remote user create guest
expect_runs remote member add fleet/charts guest --role guest
guest=$(remote token create --user guest --scope api 2>/dev/null)
says 1 "your role does not allow this" "$PILOTHOUSE" --token "$guest" chart push fleet/charts stable "$work/large.tgz"

# --- what else may be there
python3 "$e2e/odd_command_server.py" "$work/odd.address" &
helpers+=($!)
wait_until "the odd server names its address" test -s "$work/odd.address"
odd=$(<"$work/odd.address")
odd() { says 1 "$2" "$PILOTHOUSE" user list --server "$odd/$1"; }
odd moved "a token goes nowhere but where it was meant for"
expect_equal "what the odd server was asked for" "/moved/-/command Bearer $alice" "$(<"$work/odd.address.log")"
odd cut "the answer was cut off"
odd cut "look whether the command was done"
odd longer "something else than a Pilothouse server"
odd page "something else than a Pilothouse server"
odd many "try again in 7 seconds"
odd missing "no Pilothouse server, or an older one"
odd newer "this server is Pilothouse 9.9.9?[31m"
odd gateway "answers 502"
odd silent "the answer was cut off"
odd noise "does not speak HTTP"
says 1 "does not speak TLS: is its address http://?" "$PILOTHOUSE" user list --server "${odd/http/https}"
stop_server
says 1 "connecting to" "$PILOTHOUSE" user list
