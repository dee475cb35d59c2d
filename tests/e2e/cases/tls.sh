#!/usr/bin/env bash
# TLS with files of one's own: both Helms and curl, and a new certificate without a restart.
source "$(dirname "$0")/../lib.sh"

# make_certificate NAME: an authority of its own for 127.0.0.1, in $work/NAME.{key,pem}.
make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -addext 'subjectAltName=IP:127.0.0.1' \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>"$work/openssl"
}
make_certificate first
make_certificate second
cp "$work/first.key" "$work/key"
cp "$work/first.pem" "$work/certificate"

# lib.sh's probe of readiness knows nothing of our authority.
export CURL_CA_BUNDLE=$work/first.pem
start_server --tls-certificate "$work/certificate" --tls-key "$work/key"
pilothouse user create skipper --admin --json >/dev/null
token=$(new_token skipper)
project=$(pilothouse project create fleet/charts --visibility private --json | json id)
repo=$api/projects/$project/packages/helm/stable
[[ $base == https://* ]] || fail "the address is no https: $base"
publish "$(pack hello 1.0.0)"

for helm in 3 4; do
    expect_refused helm $helm repo add plain "$repo" --username skipper --password "$token"
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token" --ca-file "$work/first.pem"
    expect_runs helm $helm pull house/hello --version 1.0.0 --destination "$work/pulled$helm" --untar
done

# A broken pair changes nothing; a good one counts for new connections.
echo broken >"$work/certificate"
kill -HUP "$server_pid"
wait_until "the broken certificate is reported" grep -q certificate_not_reloaded "$server_log"
expect_status 200 --user "skipper:$token" "$repo/index.yaml"

cp "$work/second.key" "$work/key"
cp "$work/second.pem" "$work/certificate"
kill -HUP "$server_pid"
serves_the_second() { curl --silent --output /dev/null --cacert "$work/second.pem" "$base/-/live"; }
wait_until "the new certificate is served" serves_the_second
! curl --silent --output /dev/null --cacert "$work/first.pem" "$base/-/live" || fail "the old certificate is still served"
stop_server
